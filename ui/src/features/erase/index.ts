// Erasing a record everywhere, by the chief: what goes, what still names it, one question, one act.
export { default as EraseLink } from './EraseLink.vue'
export { default as ErasedRows } from './ErasedRows.vue'
