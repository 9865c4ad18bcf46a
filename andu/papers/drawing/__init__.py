"""Starting papers, drawn from a form type: tables for the office's own forms, GB/T 9704—2012 for 公文."""
