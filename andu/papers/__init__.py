"""The papers: templates and their filling (docx), PDFs and pictures made from them, and printed lists.

Called by ``andu.office``; calls ``andu.formtypes`` only. docxtpl and pdfkit are imported nowhere else.
"""
