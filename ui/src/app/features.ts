// Finds every feature there is. A feature that does not exist has no entry anywhere: no menu leads to an empty room.
import type { Feature } from '@/shared'

const found = import.meta.glob<{ feature?: Feature }>('../features/*/index.ts', { eager: true })

export const features: readonly Feature[] = Object.values(found)
  .map((module) => module.feature)
  .filter((feature) => feature !== undefined)

const ranked = features.filter((feature) => feature.rail).sort((a, b) => (a.rail?.order ?? 0) - (b.rail?.order ?? 0))

export const railTop = ranked.filter((feature) => !feature.rail?.foot)
export const railFoot = ranked.filter((feature) => feature.rail?.foot)
export const creations = features.flatMap((feature) => feature.create ?? []).sort((a, b) => a.order - b.order)

/** Where the window starts: the first entry of the rail. */
export const home = railTop[0]?.rail?.to ?? railFoot[0]?.rail?.to ?? '/'

/** The page a search hit opens, or null when no feature shows that kind. */
export function pageOf(
  kind: string,
  hit: { document: string; household: string | null; title: string },
): string | null {
  for (const feature of features) {
    const opens = feature.opens?.[kind as keyof NonNullable<Feature['opens']>]
    if (opens) return opens(hit)
  }
  return null
}
