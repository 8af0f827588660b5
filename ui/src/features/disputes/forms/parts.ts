// Which fields each small form of a case asks for. Names and kinds of the fields come from the shape.
import type { Place } from '../next'

export const partFields: Partial<Record<Place, readonly string[]>> = {
  grade: ['grade', 'grade_reason', 'tier', 'scale'],
  agreement: ['agreement_form', 'agreement_on', 'agreement_terms', 'money_settled_fen', 'perform_by_on'],
  performance: ['performed_on', 'revisit_on'],
  confirmation: ['confirmation_court', 'confirmation_filed_on', 'confirmation_ruled_on'],
  revisit: ['revisited_on', 'revisit_notes', 'rating'],
  receiver: ['receiver'],
}

/** What forbids police mediation, as items of the collection `bars`. */
export const policeKeys = (bars: readonly string[]) => ['police_mediation', ...bars.map((bar) => `bars/${bar}/present`)]
