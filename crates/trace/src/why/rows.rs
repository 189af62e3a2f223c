//! The story of a contact that is older than the facts: what the rows of the history still know.

use core::time::Duration;

use turno_ground::Moment;

use crate::safe;
use crate::why::answer::{Kind, Said, Why};
use crate::why::telling::{Telling, capital};

/// The rows of one contact. Names and words are those of the history's tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptRows {
    /// The contact.
    pub contact: u64,
    /// When it arrived.
    pub arrived: Moment,
    /// The dialled number.
    pub dialled: String,
    /// The trunk.
    pub trunk: Option<String>,
    /// Its stays in queues, in order.
    pub visits: Vec<KeptVisit>,
    /// The offers, in order.
    pub offers: Vec<KeptOffer>,
    /// The talks, in order.
    pub talks: Vec<KeptTalk>,
    /// When it ended.
    pub ended: Option<Moment>,
    /// How it ended.
    pub outcome: Option<String>,
    /// Why it came to no queue.
    pub turned_away: Option<String>,
    /// Who ended it.
    pub ended_by: Option<String>,
}

/// A stay in a queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptVisit {
    /// The queue.
    pub queue: String,
    /// The place in line on entry.
    pub position: u32,
    /// When it entered.
    pub entered: Moment,
    /// The wait that was foretold, from the entry on.
    pub told: Option<Duration>,
    /// Whether that was kept; `None`: it is not known.
    pub told_kept: Option<bool>,
}

/// An offer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptOffer {
    /// The agent.
    pub agent: String,
    /// When.
    pub offered: Moment,
    /// The word of the rule.
    pub rule: String,
    /// How long the contact had waited.
    pub waited: Duration,
    /// How long the agent had been idle.
    pub idle: Duration,
    /// The word of what came of it.
    pub outcome: Option<String>,
    /// How long it rang.
    pub rang: Duration,
}

/// A talk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptTalk {
    /// The agent.
    pub agent: String,
    /// When it began.
    pub began: Moment,
    /// Time talking.
    pub talked: Duration,
    /// Time on hold.
    pub held: Duration,
}

/// The story from rows alone. It says that the reasons are gone.
pub fn why_from_rows(rows: &KeptRows, telling: Telling<'_>) -> Why {
    let mut tale = Rows { telling, said: Vec::new() };
    tale.arrives(rows);
    let mut told: Vec<(Moment, Kind, String)> = Vec::new();
    told.extend(rows.visits.iter().map(|visit| (visit.entered, Kind::Queued, tale.visit(visit))));
    told.extend(rows.offers.iter().map(|offer| (offer.offered, Kind::Offered, tale.offer(offer))));
    told.extend(rows.talks.iter().map(|talk| (talk.began, Kind::Talk, tale.talk(talk))));
    told.sort_by_key(|(at, ..)| *at);
    for (at, kind, text) in told {
        tale.say(kind, at, text);
    }
    tale.ends(rows);
    let text = say!(
        telling.language,
        "The single events of that time are not kept any more. So it is not known who was before it in line, what the others were doing, and what spoke for each agent beside the rule.",
        "Los sucesos detallados de esa época ya no se conservan. Por eso no se sabe quién estaba delante en la fila, qué hacían las demás personas, ni por qué se eligió a cada agente, aparte de la regla."
    );
    tale.say(Kind::Unknown, rows.arrived, text);
    Why { contact: Some(rows.contact), language: telling.language, sentences: tale.said }
}

struct Rows<'p> {
    telling: Telling<'p>,
    said: Vec<Said>,
}

impl Rows<'_> {
    fn say(&mut self, kind: Kind, at: Moment, text: String) {
        self.said.push(Said { at: at.as_micros(), kind, text, more: Vec::new() });
    }

    fn agent(&self, name: &str) -> String {
        self.telling.agent_named(name)
    }

    fn queue(&self, name: &str) -> String {
        let plan = self.telling.plan.queues.iter().find(|queue| queue.name == name);
        plan.map_or_else(|| safe::line(name), |queue| safe::line(&queue.display))
    }

    fn arrives(&mut self, rows: &KeptRows) {
        let (when, dialled) = (self.telling.date_and_time(rows.arrived), safe::line(&rows.dialled));
        let language = self.telling.language;
        let by = rows.trunk.as_ref().map_or_else(String::new, |trunk| {
            let trunk = safe::line(trunk);
            say!(language, ", by the trunk {trunk}", ", por la troncal {trunk}")
        });
        let text = say!(
            language,
            "The call came in {when} on the number {dialled}{by}.",
            "La llamada llegó {when} al número {dialled}{by}."
        );
        self.say(Kind::Arrived, rows.arrived, text);
    }

    fn visit(&self, visit: &KeptVisit) -> String {
        let (language, queue) = (self.telling.language, self.queue(&visit.queue));
        let (when, place) =
            (capital(&self.telling.time(visit.entered)), self.telling.ordinal(visit.position));
        let told = visit.told.map_or_else(String::new, |told| {
            let told = self.telling.span(told);
            let kept = match visit.told_kept {
                Some(true) => language.say(", which was kept", ", y se cumplió"),
                Some(false) => language.say(", which was not kept", ", y no se cumplió"),
                None => "",
            };
            say!(
                language,
                " A wait of up to {told} was expected{kept}.",
                " Se preveía una espera de hasta {told}{kept}."
            )
        });
        say!(
            language,
            "{when} the call entered the line of {queue}, {place}.{told}",
            "{when} la llamada entró en la fila de {queue}, {place}.{told}"
        )
    }

    fn offer(&self, offer: &KeptOffer) -> String {
        let (language, agent) = (self.telling.language, self.agent(&offer.agent));
        let (when, waited) = (capital(&self.telling.time(offer.offered)), self.telling.span(offer.waited));
        let (idle, rang) = (self.telling.span(offer.idle), self.telling.span(offer.rang));
        let rule = match offer.rule.as_str() {
            "ucd_mia" => say!(language, "free longest ({idle})", "quien llevaba más tiempo libre ({idle})"),
            "ead_mia" => {
                say!(language, "the best level, then free longest", "mejor nivel y luego más tiempo libre")
            }
            "ucd_loa" => say!(language, "occupied least", "menos tiempo en atención"),
            "ead_loa" => say!(
                language,
                "the best level, then occupied least",
                "mejor nivel y luego menos tiempo en atención"
            ),
            "greatest_need" => say!(
                language,
                "they became free, and the call came first",
                "quedó libre, y la llamada iba primero"
            ),
            "last_agent" => say!(
                language,
                "they had served this person last",
                "fue quien atendió a esta persona la última vez"
            ),
            "pulled" => say!(language, "a supervisor gave it", "la supervisión se la asignó"),
            "direct" => say!(language, "their own number was dialled", "se marcó su número directo"),
            other => safe::line(other),
        };
        let outcome = match offer.outcome.as_deref() {
            Some("refused") => {
                say!(language, " It was refused after {rang}.", " La rechazó después de {rang}.")
            }
            Some("no_answer") => {
                say!(language, " It was not answered in {rang}.", " No la contestó en {rang}.")
            }
            Some("unreachable" | "incompatible") => {
                say!(language, " The telephone did not take it.", " El teléfono no la recibió.")
            }
            Some("caller_left") => {
                say!(language, " The caller hung up while it rang.", " La persona colgó mientras timbraba.")
            }
            Some("withdrawn") => say!(language, " It was taken back.", " Se retiró."),
            Some(_) | None => String::new(),
        };
        say!(
            language,
            "{when}, after {waited} in line, it was offered to {agent} (rule: {rule}).{outcome}",
            "{when}, después de {waited} en la fila, se pasó a {agent} (regla: {rule}).{outcome}"
        )
    }

    fn talk(&self, talk: &KeptTalk) -> String {
        let (language, agent) = (self.telling.language, self.agent(&talk.agent));
        let (when, talked) = (capital(&self.telling.time(talk.began)), self.telling.span(talk.talked));
        let held = if talk.held.is_zero() {
            String::new()
        } else {
            let held = self.telling.span(talk.held);
            say!(language, ", and {held} more on hold", ", más {held} en espera")
        };
        say!(
            language,
            "{when} {agent} answered: {talked} of talk{held}.",
            "{when} contestó {agent}: {talked} de conversación{held}."
        )
    }

    fn ends(&mut self, rows: &KeptRows) {
        let Some(ended) = rows.ended else { return };
        let (language, when) = (self.telling.language, capital(&self.telling.time(ended)));
        let by = match rows.ended_by.as_deref() {
            Some("caller") => language.say(", by the caller", ", porque colgó quien llamaba"),
            Some("agent") => language.say(", by the agent", ", porque colgó quien atendía"),
            Some("transfer") => language.say(", by a transfer", ", por una transferencia"),
            Some(_) | None => "",
        };
        let how = match (rows.outcome.as_deref(), rows.turned_away.as_deref()) {
            (_, Some("closed")) => language.say(
                "outside the opening hours, before any line",
                "fuera del horario de atención, sin entrar en ninguna fila",
            ),
            (_, Some("holiday")) => {
                language.say("on a holiday, before any line", "en feriado, sin entrar en ninguna fila")
            }
            (_, Some("hung_up_in_menu")) => language.say("in the menu", "en el menú"),
            (_, Some(_)) => language.say("before any line", "sin entrar en ninguna fila"),
            (Some("answered"), None) => language.say("after an answer", "después de ser atendida"),
            (Some("abandoned"), None) => {
                language.say("before anybody had answered", "antes de que le contestaran")
            }
            (Some("outflowed"), None) => language.say(
                "by the rules of the line, without an answer",
                "según las reglas de la fila, sin respuesta",
            ),
            (Some(_) | None, None) => language.say("to be served elsewhere", "para atenderse en otro lugar"),
        };
        let text = say!(language, "{when} the call ended {how}{by}.", "{when} la llamada terminó {how}{by}.");
        self.say(Kind::Ended, ended, text);
    }
}
