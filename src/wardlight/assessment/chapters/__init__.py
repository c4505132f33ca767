"""One module a chapter. Each has KEY, TITLE and `findings(context)`, which yields drafts or says what is missing."""
