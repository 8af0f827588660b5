import { beforeEach, expect, it } from 'vitest'
import { knownBackups, pathOf, rememberBackup } from './backups'

beforeEach(() => localStorage.clear())

it('the last three places are remembered, the newest first, none twice', () => {
  for (const [at, path] of ['/a', '/b', '/a', '/c', '/d'].entries()) rememberBackup(path, at)
  expect(knownBackups()).toEqual([
    { path: '/d', at: 4 },
    { path: '/c', at: 3 },
    { path: '/a', at: 2 },
  ])
})

it('what was kept and cannot be read is as if there were none', () => {
  localStorage.setItem('fengqiao.backups', '{"path":')
  expect(knownBackups()).toEqual([])
  localStorage.setItem('fengqiao.backups', '[{"path":7,"at":1},"x",null,{"path":"/a","at":1}]')
  expect(knownBackups()).toEqual([{ path: '/a', at: 1 }])
})

it.each([
  ['  /home/zys/QF-07.fqbackup ', '/home/zys/QF-07.fqbackup'],
  ['"D:\\备份\\QF-07.fqbackup"', 'D:\\备份\\QF-07.fqbackup'],
  ['file:///media/u%20盘/QF-07.fqbackup', '/media/u 盘/QF-07.fqbackup'],
  ['file:///D:/%E5%A4%87%E4%BB%BD/a.fqbackup', 'D:/备份/a.fqbackup'],
  ['file:///100%', 'file:///100%'],
])('a path pasted as %s is %s', (pasted, path) => {
  expect(pathOf(pasted)).toBe(path)
})
