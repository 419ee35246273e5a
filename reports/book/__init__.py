"""The book of questions: all that a collection asks, made from the definitions, as page, workbook and PDF."""
