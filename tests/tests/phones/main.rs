//! Agents on an ordinary telephone.

mod line;
mod people;
mod pressing;
