"""What stands beside the form types, read like them: ledgers over their records, figures over ledgers."""
