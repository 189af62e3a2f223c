//! Words in the language of who reads them.

/// A text in English or in Spanish, each with the values that its braces name.
macro_rules! say {
    ($language:expr, $english:literal, $spanish:literal $(, $value:expr)*) => {
        match $language {
            ::turno_model::Language::English => format!($english $(, $value)*),
            ::turno_model::Language::Spanish => format!($spanish $(, $value)*),
        }
    };
}
