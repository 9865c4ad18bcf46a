"""The reading desk: what screens, lists, exports and checks show of the office. No act stands on it."""
