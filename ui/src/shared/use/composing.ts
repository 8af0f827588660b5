// Whether a key belongs to the input method. Chromium says so on the event; WebKit ends the composition first and then
// sends the confirming Enter as if it were an ordinary one, so we keep a flag of our own as well.

/** The confirming key comes within this time after the end of a composition. Milliseconds. */
const CONFIRMING_KEY_MS = 200

let underWay = false
let endedAt = Number.NEGATIVE_INFINITY

function started() {
  underWay = true
}
function ended(event: Event) {
  underWay = false
  endedAt = event.timeStamp
}
function released() {
  endedAt = Number.NEGATIVE_INFINITY
}

/** Starts watching compositions in the whole window; once, at start-up. Returns the function that stops it. */
export function watchComposing(target: EventTarget = document): () => void {
  target.addEventListener('compositionstart', started, true)
  target.addEventListener('compositionend', ended, true)
  target.addEventListener('keyup', released, true)
  return () => {
    target.removeEventListener('compositionstart', started, true)
    target.removeEventListener('compositionend', ended, true)
    target.removeEventListener('keyup', released, true)
    underWay = false
    released()
  }
}

/** True when a key event is part of composing and must not act. */
export function isComposing(event: KeyboardEvent): boolean {
  if (event.isComposing || event.keyCode === 229 || underWay) return true
  return event.key === 'Enter' && event.timeStamp - endedAt < CONFIRMING_KEY_MS
}

/** True while a composition is open: do not search yet. */
export function composingNow(): boolean {
  return underWay
}
