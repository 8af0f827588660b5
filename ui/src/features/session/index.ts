// First start, locking and unlocking. It has no entry in the rail: it stands before the rooms.
export { default as Gate } from './Gate.vue'
export { default as PassphrasePair } from './PassphrasePair.vue'
export { strengthOf } from './strength'
export { useAutoLock } from './autoLock'
export { useSession } from './session'
