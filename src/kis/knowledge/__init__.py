"""The knowledge base: bilingual articles, their versions, review and publication."""
