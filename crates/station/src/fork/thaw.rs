//! A person decides between the branches of a frozen replica: the kept one becomes the lane, and what was kept of it is taken
//! as if it came now. The other stays set aside; its laptop carries it over as a successor when it comes.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use sync::ids::{Hash, ReplicaId};
use sync::judge;
use sync::lane::{self, Entry, LaneHead};
use sync::limits;

use crate::edit::{self, EditFault};
use crate::fault::StationFault;
use crate::push::{self, REFUSED};
use crate::station::Station;

/// A branch of a lane: a way from its beginning to an entry that none follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Its last entry.
    pub head: LaneHead,
    /// Where it left the lane the station follows; its end for the one followed.
    pub from: u64,
    /// Entries after that which are set aside.
    pub set_aside: u64,
    /// When the last of it came, UTC milliseconds.
    pub received_at_ms: i64,
    /// Whether the station follows it.
    pub followed: bool,
}

/// What a decision did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thawed {
    /// The branch kept.
    pub head: LaneHead,
    /// Entries of it that were set aside and are judged now.
    pub judged: u64,
    /// The directory's version that says so.
    pub directory_version: u64,
}

/// One entry of a lane's tree.
struct Node {
    prev: Hash,
    index: u64,
    set_aside: bool,
    received_at_ms: i64,
}

/// All entries of one replica, of all branches.
struct Tree {
    nodes: BTreeMap<Hash, Node>,
    /// What the station follows, by hash.
    followed: BTreeSet<Hash>,
    head: LaneHead,
    genesis: LaneHead,
}

impl Station {
    /// The branches of a replica's lane, the one followed first.
    ///
    /// # Errors
    /// [`StationFault`].
    pub fn branches(&self, replica: ReplicaId) -> Result<Vec<Branch>, StationFault> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let mut branches = Tree::read(&transaction, replica)?.branches();
        branches.sort_by_key(|one| (!one.followed, one.head));
        Ok(branches)
    }

    /// Thaws a frozen replica: the branch whose last entry's hash begins with `keep` is its lane from now on.
    ///
    /// # Errors
    /// [`StationFault`], also when the replica is not frozen or no one branch is meant; nothing is changed then.
    pub fn thaw(&self, replica: ReplicaId, keep: &str, now_ms: i64) -> Result<Thawed, StationFault> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let tree = Tree::read(&transaction, replica)?;
        let named = |one: &Branch| !keep.is_empty() && one.head.hash.to_string().starts_with(keep);
        let meant: Vec<Branch> = tree.branches().into_iter().filter(named).collect();
        let [branch] = meant.as_slice() else {
            return Err(EditFault::BranchUnknown { text: keep.to_owned() }.into());
        };
        let act = format!("replica thaw {replica} keep {}", branch.head.hash);
        let (directory_version, ()) =
            self.edit_within(&transaction, &act, now_ms, |directory| edit::thaw(directory, replica))?;
        let start = set_back(&transaction, replica, &tree, branch)?;
        let way = tree.way(branch.head.hash, start.hash);
        let mut head = start;
        for hashes in way.chunks(limits::FRAME_ENTRIES_MAX) {
            let entries = hashes.iter().map(|hash| read(&transaction, replica, hash)).collect::<Result<_, _>>()?;
            head = push::take_kept(self, &transaction, judge::reopen(replica, entries, self.known()), head, now_ms)?;
        }
        transaction.execute("DELETE FROM fork WHERE replica = ?1", [replica.as_bytes()])?;
        transaction.commit()?;
        tracing::warn!(event = "replica_thawed", %replica, head = branch.head.index, directory_version);
        Ok(Thawed { head: branch.head, judged: branch.set_aside, directory_version })
    }
}

impl Tree {
    fn read(transaction: &Transaction<'_>, replica: ReplicaId) -> Result<Self, StationFault> {
        let (head, _) = push::lane_head(transaction, replica)?;
        let mut query = transaction.prepare_cached(
            "SELECT header_hash, header, lane_index, outcome, received_at_ms FROM entry WHERE replica = ?1",
        )?;
        let mut rows = query.query([replica.as_bytes()])?;
        let mut nodes = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let bytes: Vec<u8> = row.get(1)?;
            let header = lane::read_header(&bytes).map_err(|_| StationFault::Damaged { what: "header" })?;
            let node = Node {
                prev: header.prev,
                index: row.get::<_, i64>(2)?.cast_unsigned(),
                set_aside: row.get::<_, i64>(3)? == REFUSED,
                received_at_ms: row.get(4)?,
            };
            nodes.insert(Hash(row.get(0)?), node);
        }
        let genesis = LaneHead::genesis(replica);
        let mut tree = Self { nodes, followed: BTreeSet::new(), head, genesis };
        tree.followed = tree.way(head.hash, genesis.hash).into_iter().collect();
        Ok(tree)
    }

    /// The entries after `from` up to `to`, in order.
    fn way(&self, to: Hash, from: Hash) -> Vec<Hash> {
        let mut way = Vec::new();
        let mut at = to;
        while at != from
            && let Some(node) = self.nodes.get(&at)
        {
            way.push(at);
            at = node.prev;
        }
        way.reverse();
        way
    }

    fn branches(&self) -> Vec<Branch> {
        let inner: BTreeSet<Hash> = self.nodes.values().map(|node| node.prev).collect();
        let ends = self.nodes.iter().filter(|(hash, _)| !inner.contains(hash));
        ends.map(|(hash, node)| {
            let head = LaneHead { index: node.index, hash: *hash };
            let after = self.after_fork(*hash);
            let first = after.first().and_then(|hash| self.nodes.get(hash));
            let aside = after.iter().filter(|hash| self.nodes.get(hash).is_some_and(|node| node.set_aside));
            Branch {
                head,
                from: first.map_or(head.index, |first| first.index.saturating_sub(1)),
                set_aside: u64::try_from(aside.count()).unwrap_or(u64::MAX),
                received_at_ms: node.received_at_ms,
                followed: after.is_empty() || first.is_some_and(|first| first.prev == self.head.hash),
            }
        })
        .collect()
    }

    /// The entries of a branch that are not of the lane followed, in order.
    fn after_fork(&self, end: Hash) -> Vec<Hash> {
        self.way(end, self.genesis.hash).into_iter().filter(|hash| !self.followed.contains(hash)).collect()
    }
}

/// Puts the lane back to where the branch left it, and to where the last receipt that still holds ended. Gives that place.
fn set_back(
    transaction: &Transaction<'_>,
    replica: ReplicaId,
    tree: &Tree,
    branch: &Branch,
) -> Result<LaneHead, StationFault> {
    if branch.from >= tree.head.index {
        return Ok(tree.head);
    }
    let from = branch.from.cast_signed();
    transaction.execute("DELETE FROM receipt WHERE replica = ?1 AND last_index > ?2", (replica.as_bytes(), from))?;
    let last: i64 = transaction.query_row(
        "SELECT coalesce(max(last_index), 0) FROM receipt WHERE replica = ?1",
        [replica.as_bytes()],
        |row| row.get(0),
    )?;
    // the backup holds the other branch from there on
    transaction.execute(
        "UPDATE watermark SET lane_index = min(lane_index, ?2) WHERE replica = ?1",
        (replica.as_bytes(), from),
    )?;
    let place = |hash: &Hash| tree.nodes.get(hash).map(|node| LaneHead { index: node.index, hash: *hash });
    let mut followed = tree.followed.iter().filter_map(place);
    Ok(followed.find(|place| place.index == last.cast_unsigned()).unwrap_or(tree.genesis))
}

fn read(connection: &Connection, replica: ReplicaId, hash: &Hash) -> Result<Entry, StationFault> {
    Ok(connection
        .prepare_cached("SELECT header, salt, body FROM entry WHERE replica = ?1 AND header_hash = ?2")?
        .query_row((replica.as_bytes(), hash.as_bytes()), |row| {
            let contents: (Option<[u8; 32]>, Option<Vec<u8>>) = (row.get(1)?, row.get(2)?);
            Ok(Entry {
                header: row.get(0)?,
                salt: contents.0.unwrap_or_default(),
                body: contents.1.unwrap_or_default(),
            })
        })?)
}
