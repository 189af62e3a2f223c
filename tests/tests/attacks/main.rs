//! Attacks: in the virtual world by whoever can write any source on a datagram, and on loopback by real programs.

mod floods;
mod forged;
mod fraud;
mod guessing;
mod letter;
mod programs;
mod storms;
