//! A step of a survey as a sentence.

use turno_model::{SurveyChange, SurveyEnd};

use crate::names::Names;

/// What a caller was asked after the talk, and answered.
pub(crate) fn survey(change: SurveyChange, names: Names<'_>) -> String {
    let language = names.language;
    match change {
        SurveyChange::Offered => {
            say!(
                language,
                "is asked some questions about the call",
                "se le hacen preguntas sobre la atención"
            )
        }
        SurveyChange::Answered { question, key } => say!(
            language,
            "survey question {question}: answers {key}",
            "pregunta {question} de la encuesta: responde {key}"
        ),
        SurveyChange::Ended(SurveyEnd::Complete) => {
            say!(language, "the survey is complete", "la encuesta está completa")
        }
        SurveyChange::Ended(SurveyEnd::HungUp) => {
            say!(language, "hangs up during the survey", "cuelga durante la encuesta")
        }
        SurveyChange::Ended(SurveyEnd::Silence) => {
            say!(language, "the survey ends without a key", "la encuesta termina sin que marque")
        }
        SurveyChange::Ended(SurveyEnd::WrongKey) => {
            say!(language, "the survey ends after wrong keys", "la encuesta termina tras teclas no válidas")
        }
        SurveyChange::Ended(SurveyEnd::Lost) => {
            say!(
                language,
                "the phone was lost during the survey",
                "se perdió el teléfono durante la encuesta"
            )
        }
    }
}
