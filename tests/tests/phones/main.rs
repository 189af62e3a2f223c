//! Agents on an ordinary telephone.

mod people;
mod pressing;
