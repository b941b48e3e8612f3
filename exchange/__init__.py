"""What comes in and goes out as a file: read without harm, and written so that it does none."""
