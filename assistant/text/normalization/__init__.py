"""Text normalization: numbers, dates, units, money, symbols and abbreviations as spoken words."""
