"""Answers on paper: any response as a PDF to print or to send round."""
