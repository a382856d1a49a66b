"""The stages of a quotation, one file each, in the order of the pipeline."""
