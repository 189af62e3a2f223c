//! Words of the page without script.

/// Words in one language.
pub(crate) struct Words {
    pub(crate) language: &'static str,
    pub(crate) title: &'static str,
    pub(crate) other_language: (&'static str, &'static str),
    pub(crate) hello: &'static str,
    pub(crate) name: &'static str,
    pub(crate) question: &'static str,
    pub(crate) begin: &'static str,
    pub(crate) log: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) earlier: &'static str,
    pub(crate) latest: &'static str,
    pub(crate) look: &'static str,
    pub(crate) answer: &'static str,
    pub(crate) send: &'static str,
    pub(crate) choose: &'static str,
    pub(crate) you: &'static str,
    pub(crate) bot: &'static str,
    pub(crate) person: &'static str,
    pub(crate) turno: &'static str,
    pub(crate) seen: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) place: fn(u32) -> String,
    pub(crate) wait: fn(u32) -> String,
    pub(crate) no_wait: &'static str,
    pub(crate) with_person: &'static str,
    pub(crate) with_bot: &'static str,
    pub(crate) waiting: &'static str,
    pub(crate) parked: &'static str,
    pub(crate) done: &'static str,
    pub(crate) rate: &'static str,
    pub(crate) rated: &'static str,
    pub(crate) stars: [&'static str; 5],
    pub(crate) give: &'static str,
    pub(crate) leave: &'static str,
    pub(crate) new: &'static str,
    pub(crate) file: &'static str,
    pub(crate) place_word: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) not_sent: &'static str,
    pub(crate) back: &'static str,
    pub(crate) ago: fn(i64) -> String,
}

pub(crate) static SPANISH: Words = Words {
    language: "es",
    title: "Chat",
    other_language: ("en", "English"),
    hello: "Escriba su pregunta. Le responde el asistente y, si hace falta, una persona.",
    name: "Su nombre (si desea)",
    question: "Su pregunta",
    begin: "Comenzar",
    log: "Conversación",
    nothing: "Todavía no hay mensajes.",
    earlier: "Mensajes anteriores",
    latest: "Últimos mensajes",
    look: "Ver si hay respuestas",
    answer: "Su mensaje",
    send: "Enviar",
    choose: "Elija una respuesta",
    you: "Usted",
    bot: "Asistente",
    person: "Agente",
    turno: "Aviso",
    seen: "visto",
    kept: "recibido",
    place: |place| format!("Usted es el número {place} de la fila."),
    wait: |minutes| format!("Espera aproximada: {minutes} min."),
    no_wait: "Ahora no se puede decir cuánto falta.",
    with_person: "Le atiende una persona.",
    with_bot: "Le responde el asistente.",
    waiting: "Espera a una persona.",
    parked: "Su consulta está en pausa. Se le avisará aquí.",
    done: "La conversación terminó. Si escribe otra vez, se abre de nuevo.",
    rate: "¿Cómo fue la atención?",
    rated: "Gracias por su calificación.",
    stars: ["1: muy mala", "2: mala", "3: regular", "4: buena", "5: muy buena"],
    give: "Calificar",
    leave: "Terminar la conversación",
    new: "Empezar otra conversación",
    file: "Archivo",
    place_word: "Lugar",
    unknown: "Algo que no se puede mostrar aquí",
    not_sent: "No se envió",
    back: "Volver a la conversación",
    ago: |minutes| {
        if minutes < 1 {
            "ahora".to_owned()
        } else if minutes < 120 {
            format!("hace {minutes} min")
        } else {
            format!("hace {} h", minutes / 60)
        }
    },
};

pub(crate) static ENGLISH: Words = Words {
    language: "en",
    title: "Chat",
    other_language: ("es", "Español"),
    hello: "Write your question. The assistant answers, and a person if need be.",
    name: "Your name (if you like)",
    question: "Your question",
    begin: "Begin",
    log: "Conversation",
    nothing: "There are no messages yet.",
    earlier: "Earlier messages",
    latest: "Latest messages",
    look: "Look for answers",
    answer: "Your message",
    send: "Send",
    choose: "Choose an answer",
    you: "You",
    bot: "Assistant",
    person: "Agent",
    turno: "Notice",
    seen: "seen",
    kept: "received",
    place: |place| format!("You are number {place} in line."),
    wait: |minutes| format!("The wait is about {minutes} min."),
    no_wait: "How long it will take can’t be told now.",
    with_person: "A person is with you.",
    with_bot: "The assistant answers.",
    waiting: "You are waiting for a person.",
    parked: "Your question is on hold. You will be told here.",
    done: "The conversation is over. If you write again, it opens again.",
    rate: "How was it?",
    rated: "Thank you for your rating.",
    stars: ["1: very bad", "2: bad", "3: fair", "4: good", "5: very good"],
    give: "Rate",
    leave: "End the conversation",
    new: "Begin another conversation",
    file: "File",
    place_word: "Place",
    unknown: "Something that can't be shown here",
    not_sent: "It was not sent",
    back: "Back to the conversation",
    ago: |minutes| {
        if minutes < 1 {
            "now".to_owned()
        } else if minutes < 120 {
            format!("{minutes} min ago")
        } else {
            format!("{} h ago", minutes / 60)
        }
    },
};

/// The words of a language by its word.
pub(crate) fn words_of(language: &str) -> &'static Words {
    if language == "en" { &ENGLISH } else { &SPANISH }
}
