// What a screen tells the grid about its columns.
export interface Column<T> {
  key: string
  /** Heading, already in the language shown. */
  title: string
  /** A CSS grid track: `64px`, `minmax(0, 1fr)`. */
  width: string
  /** Figures stand at the right. */
  num?: boolean
  /** The cell's words; a slot named after the key can draw more. */
  text?: (row: T) => string | number | null | undefined
  /** Extra classes: `b`, `two`, `three`. */
  look?: string
}
