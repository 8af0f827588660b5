//! No statement that runs on every save, sync or search reads a whole table.

use crate::support::Laptop;

#[test]
fn statements_of_every_day_use_an_index() {
    let laptop = Laptop::new(1);
    for (name, sql) in store::check::everyday_statements() {
        let plan = store::check::plan(&laptop.store, sql).unwrap();
        let scans: Vec<_> =
            plan.iter().filter(|step| step.starts_with("SCAN") && !step.contains("VIRTUAL TABLE")).collect();
        assert!(scans.is_empty(), "{name}: {plan:?}");
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE FOR ORDER BY")), "{name}: {plan:?}");
    }
    laptop.assert_sound();
}
