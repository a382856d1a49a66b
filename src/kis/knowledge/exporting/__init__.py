"""Articles as files, in every form that an import reads."""
