//! Calls, chats, WhatsApp and e-mails with the same people: in silos and in one room.

use turno_model::{Channel, Language, Plan};
use turno_planner::{ChannelFigures, MIXED, MixedLoad, Team, mixed_day};

use crate::exit::Exit;

/// A trial that somebody asked for.
pub(crate) struct MixedTrial<'p> {
    pub(crate) plan: &'p Plan,
    pub(crate) seed: u64,
    pub(crate) days: u64,
    pub(crate) language: Language,
}

impl MixedTrial<'_> {
    /// Lives the days with each team, and prints a table of what came of them.
    pub(crate) fn run(&self) -> Exit {
        let load = MixedLoad::default();
        say!("{}", self.language.say(ABOUT, ABOUT_SPANISH));
        say!("{}", self.language.say(HEAD, HEAD_SPANISH));
        for team in Team::ALL {
            let mut sums = [ChannelFigures::default(); 4];
            for seed in (self.seed..).take(usize::try_from(self.days).unwrap_or(usize::MAX)) {
                let day = mixed_day(self.plan, &load, team, seed);
                sums.iter_mut().zip(&day).for_each(|(sum, figures)| sum.add(figures));
            }
            for (channel, figures) in MIXED.iter().zip(&sums) {
                say!("{}", row(self.team(team), self.channel(*channel), figures));
            }
        }
        Exit::Done
    }

    const fn team(&self, team: Team) -> &'static str {
        match team {
            Team::Silos => self.language.say("silos", "separados"),
            Team::ByWait => self.language.say("one room, by wait", "una sala, por espera"),
            Team::ByDeadline => self.language.say("one room, by deadline", "una sala, por plazo"),
            Team::Keeping => self.language.say("and some for callers", "y reserva de llamadas"),
            Team::Interrupted => self.language.say("and calls beside chats", "y llamada entre chats"),
        }
    }

    const fn channel(&self, channel: Channel) -> &'static str {
        match channel {
            Channel::Voice => self.language.say("calls", "llamadas"),
            Channel::Chat => self.language.say("chats", "chats"),
            Channel::WhatsApp => "WhatsApp",
            Channel::Email => self.language.say("e-mails", "correos"),
            Channel::Callback | Channel::Voicemail => "",
        }
    }
}

const ABOUT: &str = "1,400 calls, 400 chats, 150 WhatsApp conversations and 90 e-mails a day with 20 agents. In time: 20 s, 1 min, \
                     10 min, 4 h. E-mails of the last hours are answered the next day. \
                     Aside: how long their agent did something more urgent meanwhile, on average.";
const ABOUT_SPANISH: &str = "1.400 llamadas, 400 chats, 150 conversaciones de WhatsApp y 90 correos al día con 20 agentes. A tiempo: \
                             20 s, 1 min, 10 min, 4 h. Los correos de las últimas horas se responden al día siguiente. \
                             Aparte: cuánto, en promedio, su agente hizo mientras tanto algo más urgente.";
const HEAD: &str =
    "team                   channel     contacts  answered   in time      wait   longest     aside";
const HEAD_SPANISH: &str =
    "equipo                 canal      contactos  atendidos a tiempo    espera  la mayor    aparte";

fn row(team: &str, channel: &str, it: &ChannelFigures) -> String {
    let share = |part: u64| format!("{:.1} %", 100.0 * part as f64 / it.came.max(1) as f64);
    let of_answered = |sum: f64| sum / it.answered.max(1) as f64;
    let (wait, aside) = (of_answered(it.waited), of_answered(it.put_aside));
    format!(
        "{team:<23}{channel:<10}{:>10}{:>10}{:>10}{wait:>8.0} s{:>8.0} s{aside:>8.0} s",
        it.came,
        share(it.answered),
        share(it.in_time),
        it.longest
    )
}
