//! Attacks by entries that are rightly chained and signed: by whom, where, under which directory, upon what.

use sync::directory::Role;
use sync::ids::{Actor, DocumentId, ReplicaId, ScopeId};
use sync::lane::{EntryKind, EraseBody, MoveBody, Replaces};

use super::{Attack, Scene, bodies};
use crate::kit::{act_id, cell, document_id, officer_id, replica_id, uuid};

pub(super) const ATTACKS: &[Attack] = &[
    ("a record in a cell that is not one's own", "entry scope_not_assigned", |scene| {
        scene.try_entry(bodies::put(7, 1, &[], "a"), |header| header.scope = cell("B"))
    }),
    ("a record in the sensitive part of one's own cell", "entry scope_not_assigned", |scene| {
        scene.try_entry(bodies::put(7, 1, &[], "a"), |header| header.scope = "cell:A:sensitive".parse().unwrap())
    }),
    ("a record of the whole station", "entry scope_not_assigned", |scene| {
        scene.try_entry(bodies::put(7, 1, &[], "a"), |header| header.scope = ScopeId::cell("Z").unwrap())
    }),
    ("a directory version not signed yet", "entry directory_version_unknown", |scene| {
        scene.try_entry(bodies::put(7, 1, &[], "a"), |header| header.directory_version += 100)
    }),
    ("a directory from before one's duty ended", "entry directory_went_back", |scene| {
        scene.try_entry(bodies::put(7, 1, &[], "a"), |header| header.directory_version = 2)
    }),
    ("a colleague's officer", "entry officer_not_of_replica", |scene| {
        scene.try_entry(bodies::put(7, 1, &[], "a"), |header| header.officer = officer_id(2))
    }),
    ("the chief", "entry officer_not_of_replica", |scene| {
        scene.try_entry(bodies::put(7, 1, &[], "a"), |header| header.officer = officer_id(4))
    }),
    ("an officer who is not at the station", "entry officer_not_of_replica", |scene| {
        scene.try_entry(bodies::put(7, 1, &[], "a"), |header| header.officer = officer_id(500))
    }),
    ("a laptop that was revoked", "entry replica_revoked", |scene| {
        let revoked = scene.one.replica;
        scene.station.edit("test", crate::kit::NOW_MS, |directory| station::edit::revoke(directory, revoked)).unwrap();
        scene.try_entry(bodies::put(7, 1, &[], "a"), |_| {})
    }),
    ("a colleague's automerge actor", "entry actor_of_another_replica", |scene| {
        let actor = Actor(*uuid(6, 2).as_bytes());
        scene.try_entry(bodies::put_as(actor, 5, &[], "a"), |_| {})
    }),
    ("an actor's number taken twice", "entry actor_number_taken", |scene| {
        let actor = Actor(*uuid(6, 1).as_bytes());
        scene.try_entry(bodies::put_as(actor, 1, &[], "another"), |header| header.document = document_id(10))
    }),
    ("upon a change nobody has seen", "entry dependency_unknown", |scene| {
        scene.try_entry(bodies::put(7, 1, &[[5; 32]], "a"), |_| {})
    }),
    ("upon a change of another record", "entry dependency_unknown", |scene| {
        let elsewhere = scene.one.documents[&document_id(10)].clone().get_heads()[0].0;
        scene.try_entry(bodies::put(7, 1, &[elsewhere], "a"), |_| {})
    }),
    ("upon a change that was refused", "entry scope_not_assigned, entry dependency_refused", |scene| {
        let first = bodies::put(7, 1, &[], "a");
        let hash = sync::change::check(&first).unwrap().hash.0;
        let mut header = scene.header(&first);
        header.scope = cell("B");
        scene.put(&header, first);
        scene.try_entry(bodies::put(7, 2, &[hash], "b"), |header| header.act = act_id(901))
    }),
    ("one refused entry hidden in an act", "entry act_refused, entry scope_not_assigned", |scene| {
        let first = bodies::put(7, 1, &[], "a");
        let header = scene.header(&first);
        scene.put(&header, first);
        scene.try_entry(bodies::put(8, 1, &[], "b"), |header| {
            header.document = document_id(901);
            header.scope = cell("B");
        })
    }),
    ("a record of another cell edited as one's own", "entry document_in_another_scope", |scene| {
        scene.try_entry(bodies::put(7, 1, &[], "a"), |header| header.document = document_id(30))
    }),
    ("an erasure by an officer", "entry role_may_not", |scene| {
        let body = EraseBody { reason: "x".to_owned() }.to_body();
        scene.try_entry(body, |header| {
            header.kind = EntryKind::Erase;
            header.document = document_id(10);
        })
    }),
    ("writing as an auditor", "entry role_may_not", |scene| {
        let id = scene.one.officer;
        let change = |directory: &mut sync::directory::Directory| {
            for officer in directory.officers.iter_mut().filter(|officer| officer.id == id) {
                officer.role = Role::Auditor;
            }
            Ok(())
        };
        let version = scene.station.edit("test", crate::kit::NOW_MS, change).unwrap().0;
        scene.try_entry(bodies::put(7, 1, &[], "a"), |header| header.directory_version = version)
    }),
    ("a move into a cell that is not there", "entry malformed_body", |scene| {
        movement(scene, ScopeId::cell("Z").unwrap(), document_id(10))
    }),
    ("a move into the sensitive part", "entry malformed_body", |scene| {
        movement(scene, "cell:A:sensitive".parse().unwrap(), document_id(10))
    }),
    ("a move to where it is", "entry malformed_body", |scene| movement(scene, cell("A"), document_id(10))),
    ("a move of another cell's record", "entry document_in_another_scope", |scene| {
        movement(scene, cell("B"), document_id(30))
    }),
    ("a move of a record that is not there", "entry dependency_unknown", |scene| {
        movement(scene, cell("B"), document_id(999))
    }),
    ("a kind of entry nobody knows", "entry kind_unknown", |scene| {
        scene.try_entry(bodies::put(7, 1, &[], "a"), |header| header.kind = EntryKind::Other(200))
    }),
    ("a generation nobody knows", "entry kind_unknown", |scene| {
        scene.try_entry(bodies::put(7, 1, &[], "a"), |header| header.generation = 1)
    }),
    ("a sealing key nobody knows", "entry kind_unknown", |scene| {
        scene.try_entry(bodies::put(7, 1, &[], "a"), |header| header.key_id = 1)
    }),
    ("carrying over a living laptop's work", "entry not_a_successor", |scene| {
        scene.try_entry(bodies::put(7, 1, &[], "a"), |header| {
            header.replaces = Some(Replaces { replica: replica_id(2), index: 1 });
        })
    }),
    ("carrying over a dead lane one does not follow", "entry not_a_successor", |scene| {
        scene.try_entry(bodies::put(7, 1, &[], "a"), |header| {
            header.replaces = Some(Replaces { replica: ReplicaId(uuid(3, 88)), index: 1 });
        })
    }),
];

fn movement(scene: &mut Scene, to: ScopeId, document: DocumentId) -> String {
    let body = MoveBody { to, documents: vec![document] }.to_body();
    scene.try_entry(body, |header| {
        header.kind = EntryKind::Move;
        header.document = document;
    })
}
