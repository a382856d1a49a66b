"""The 단선결선도: source, mains, bars and every circuit, in the symbols of IEC 60617."""
