//! Tests of agents' own numbers in a plan.

use turno_model::plan::Entry;
use turno_model::{AgentId, QueueId};

use crate::tests::{Folder, QUEUE};

const AGENTS: &str = "[[agent]]\nname = \"1001\"\npassword = \"p\"\nskills = { luae = 1 }\n\n\
                      [[agent]]\nname = \"1002\"\npassword = \"p\"\nskills = { luae = 1 }\n";

#[test]
fn an_own_number_names_an_agent_and_the_queue_behind() {
    let folder = Folder::new("own_numbers");
    folder.put("queues.toml", QUEUE);
    folder.put("seats.toml", AGENTS);
    let number = |keys: &str| format!("[[number]]\nnumber = \"022345601\"\n{keys}\n");
    folder.put("numbers.toml", &number("queue = \"luae\"\nagent = \"1002\""));
    let (plan, _) = folder.load().expect("a plan");
    assert_eq!(plan.numbers[0].entry, Entry::Agent(AgentId(1), QueueId(0)));
    for (keys, words) in [
        ("queue = \"luae\"\nagent = \"1003\"", "1003"),
        ("agent = \"1002\"", "without a `queue`"),
        ("agent = \"1002\"", "`queue`"),
    ] {
        folder.put("numbers.toml", &number(keys));
        let refused = folder.load().expect_err("a wrong own number").to_string();
        assert!(refused.contains(words), "{keys}: {refused}");
    }
}
