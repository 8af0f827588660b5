// Tasks in the order of the day: overdue, today, later. The page each one opens.
import type { TaskRow } from '@/ipc/generated/types'
import { has, t } from '@/i18n'

export type TaskView = 'all' | 'law' | 'today'

export interface TaskGroup {
  key: 'over' | 'today' | 'week'
  tasks: TaskRow[]
}

export function seen(tasks: TaskRow[], view: TaskView): TaskRow[] {
  switch (view) {
    case 'all':
      return tasks
    case 'law':
      return tasks.filter((task) => task.clock?.set_by === 'law')
    case 'today':
      return tasks.filter((task) => task.days_left <= 0)
  }
}

export function grouped(tasks: TaskRow[]): TaskGroup[] {
  const groups: TaskGroup[] = [
    { key: 'over', tasks: tasks.filter((task) => task.days_left < 0) },
    { key: 'today', tasks: tasks.filter((task) => task.days_left === 0) },
    { key: 'week', tasks: tasks.filter((task) => task.days_left > 0) },
  ]
  return groups.filter((group) => group.tasks.length > 0)
}

export function pageOfRecord(kind: string, document: string): string {
  switch (kind) {
    case 'dispute':
      return `/disputes/${document}`
    case 'patrol':
      return `/patrol/${document}`
    case 'resident':
      return `/people/resident/${document}`
    case 'visit':
      return `/people/visit/${document}`
    default:
      return `/people/household/${document}`
  }
}

/** What is to be done, in words. A clock nobody has named yet keeps its official Chinese term. */
export function taskName(task: TaskRow): string {
  const key = `today.task.${task.task}`
  if (has(key)) return t(key)
  const clock = `disputes.clock.${task.task}`
  if (has(clock)) return t(clock)
  return task.clock?.matter_zh ?? task.task
}

export function daysOf(task: TaskRow): string {
  const clock = task.clock
  if (!clock) return ''
  return t(`today.unit_of.${clock.unit}`, { n: clock.length }, clock.length)
}
