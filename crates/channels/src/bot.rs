//! A bot that answers with procedures, asks which is meant, and hands over to a person.
