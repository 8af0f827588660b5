import { afterEach, expect, it, vi } from 'vitest'
import { AppError } from './error'
import { loopbackTransport, takeToken } from './loopback'

afterEach(() => vi.unstubAllGlobals())

function answering(status: number, body: string) {
  const fetched = vi.fn(async () => new Response(body, { status }))
  vi.stubGlobal('fetch', fetched)
  return fetched
}
function storage(): Storage {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  } as unknown as Storage
}
async function failure(work: Promise<unknown>): Promise<AppError> {
  return work.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(AppError)
      return error as AppError
    },
  )
}

it('posts the payload with the token and gives the answer', async () => {
  const fetched = answering(200, '{"count":3}')
  const answer = await loopbackTransport('secret').call('household_count', { cell: null })
  expect(answer).toEqual({ count: 3 })
  expect(fetched).toHaveBeenCalledWith(
    '/rpc/household_count',
    expect.objectContaining({
      method: 'POST',
      body: '{"cell":null}',
      headers: expect.objectContaining({ 'x-fengqiao-token': 'secret' }),
    }),
  )
})

it('an error keeps its code, arguments, kind and incident', async () => {
  answering(400, '{"code":"field_too_long","args":{"key":"name","max":"50"},"kind":"rejected","incident":null}')
  const error = await failure(loopbackTransport('t').call('resident_save', {}))
  expect(error).toMatchObject({
    code: 'field_too_long',
    kind: 'rejected',
    args: { key: 'name', max: '50' },
    incident: null,
  })
})

it('a page of a captive portal instead of an answer is a defect with a code, not a broken screen', async () => {
  answering(200, '<html>please log in</html>')
  expect((await failure(loopbackTransport('t').call('about', {}))).code).toBe('host_answer_unreadable')
})

it('a refusal without a code is not taken for an answer', async () => {
  answering(403, '')
  expect((await failure(loopbackTransport('t').call('about', {}))).code).toBe('host_answer_unreadable')
})

it('a host that is gone is unavailable: try again', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed to fetch')))
  const error = await failure(loopbackTransport('t').call('about', {}))
  expect(error).toMatchObject({ code: 'host_unreachable', kind: 'unavailable' })
})

it('the token is taken out of the address once and kept for the tab', () => {
  const kept = storage()
  const replaceState = vi.fn()
  const place = { hash: '#token=a%2Bb', pathname: '/', search: '' } as Location
  expect(takeToken(place, kept, { replaceState } as unknown as History)).toBe('a+b')
  expect(replaceState).toHaveBeenCalledWith(null, '', '/#/')
  const later = { hash: '#/people', pathname: '/', search: '' } as Location
  expect(takeToken(later, kept, { replaceState } as unknown as History)).toBe('a+b')
  expect(replaceState).toHaveBeenCalledTimes(1)
})

it('a token the router has already written anew is still found', () => {
  const place = { hash: '#/token=ab', pathname: '/', search: '' } as Location
  expect(takeToken(place, storage(), { replaceState: vi.fn() } as unknown as History)).toBe('ab')
})
