// Moving a household to another cell with all that goes with it, and what this laptop heard of moves.
export { default as MoveLink } from './MoveLink.vue'
export { default as MovedRows } from './MovedRows.vue'
