// What a form row tells the fields inside it. The first of them carries the row's id; the others name themselves.
import { inject, type InjectionKey } from 'vue'

export interface FieldContext {
  labelId: string
  errorId: string
  bad: () => boolean
  /** The row's id for the first field that asks, nothing for the others. */
  claim: () => string | undefined
}

export const fieldKey: InjectionKey<FieldContext> = Symbol('field')

export function makeField(id: string, bad: () => boolean): FieldContext {
  let free: string | undefined = id
  const claim = () => {
    const taken = free
    free = undefined
    return taken
  }
  return { labelId: `${id}-label`, errorId: `${id}-error`, bad, claim }
}

/** Attributes that tie a field to its row; none outside of one. */
export function useField() {
  const context = inject(fieldKey, null)
  const id = context?.claim()
  return {
    attributes: () => {
      if (context === null) return {}
      const bad = context.bad() || undefined
      return {
        id,
        // A second field of the row is called like the row, unless it has a label of its own.
        'aria-labelledby': id === undefined ? context.labelId : undefined,
        'aria-invalid': bad,
        'aria-describedby': bad && context.errorId,
      }
    },
  }
}
