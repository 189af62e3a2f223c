//! Facts as the lines of Asterisk's queue_log.
