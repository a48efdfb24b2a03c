"""Rules as data: their language, their catalogue, and the linter that runs them over exchanges."""
