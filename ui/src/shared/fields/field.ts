// What a form row tells the field inside it: its id, its label, whether it is wrong.
import { inject, type InjectionKey } from 'vue'

export interface FieldContext {
  id: string
  labelId: string
  errorId: string
  bad: () => boolean
}

export const fieldKey: InjectionKey<FieldContext> = Symbol('field')

/** Attributes that tie a field to its row; empty outside of one. */
export function useField() {
  const context = inject(fieldKey, null)
  return {
    context,
    attributes: () =>
      context === null
        ? {}
        : {
            id: context.id,
            'aria-invalid': context.bad() || undefined,
            'aria-describedby': context.bad() ? context.errorId : undefined,
          },
  }
}
