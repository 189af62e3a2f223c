//! Agents move to other desks and come back.

use turno_model::{AgentId, Command};

use crate::world::World;

impl World {
    /// An agent sits down at the desk of this index, counted from the last; `None`: leaves the seat.
    pub(crate) fn agent_sits(&mut self, agent: usize, desk: Option<usize>) {
        let Some(agent) = self.owner_of(agent) else { return };
        let Some(desk) = desk else { return self.command(Command::Leave(agent)) };
        let place = self.staff.len() - 1 - self.staff.place_of(desk);
        if let Some(seat) = self.staff.seat_at(&self.plan, place) {
            self.command(Command::Sit(agent, seat));
        }
    }

    /// Agents who sit at another desk and are not busy return to their own.
    pub(crate) fn everybody_comes_home(&mut self) {
        let away = |world: &Self| {
            let all = (0..world.staff.len()).filter_map(|place| Some((place, world.owner_of(place)?)));
            let is_away = |(place, agent): &(usize, AgentId)| world.desk_of(*agent) != Some(*place);
            all.filter(|(place, _)| world.staff.works_at(*place)).filter(is_away).collect::<Vec<_>>()
        };
        for (_, agent) in away(self) {
            self.command(Command::Leave(agent));
        }
        for (place, agent) in away(self) {
            if let Some(own) = self.staff.seat_at(&self.plan, place) {
                self.command(Command::Sit(agent, own));
            }
        }
    }
}
