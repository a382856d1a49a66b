"""The shapes that go over the wire. Names are camelCase there, times are RFC 3339 in UTC, money is text."""
