"""The auditor's pages: what was done, by whom, and whose data an account read. They change nothing."""
