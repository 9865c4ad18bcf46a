"""A form type in use: as a web form, as samples, as values on paper, as a shape for programs."""
