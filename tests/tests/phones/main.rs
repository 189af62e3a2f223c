//! Agents on an ordinary telephone.

mod held;
mod line;
mod people;
mod pressing;
