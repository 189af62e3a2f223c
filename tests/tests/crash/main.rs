//! A real turno under real calls, killed with SIGKILL: nothing may be lost, doubled or unheard.

mod load;
mod voices;
