"""What is written as people say it: numbers, dates, units, money, symbols, abbreviations."""
