// A made-up village register as CSV text. No name, number or address belongs to anyone.
const SURNAMES = [...'赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨']
const GIVEN = ['建国', '秀英', '志强', '丽华', '小明', '雨桐', '国庆', '美玲', '家豪', '思远']
const HEADINGS = ['姓名', '性别', '公民身份号码', '与户主关系', '户号', '联系电话', '村社区', '组', '门牌号', '网格']
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** The 18 characters of an identity number, the check character included. */
export function idNumber(index: number, sex: '男' | '女'): string {
  const year = 1950 + (index % 60)
  const month = String(1 + (index % 12)).padStart(2, '0')
  const day = String(1 + (index % 28)).padStart(2, '0')
  const order = String((Math.floor(index / 60) * 2 + (sex === '男' ? 1 : 0)) % 1000).padStart(3, '0')
  const body = `330681${year}${month}${day}${order}`
  const sum = [...body].reduce((total, digit, place) => total + Number(digit) * WEIGHTS[place]!, 0)
  return body + '10X98765432'[sum % 11]
}

export interface RegisterRow {
  name: string
  sex: '男' | '女'
  idNumber: string
  relation: string
  household: string
  phone: string
  village: string
  group: string
  plate: string
  cell: string
}

/** Households of three: head, spouse, child. */
export function registerRows(households: number, cell = 'QF-01', village = '枫源村'): RegisterRow[] {
  const rows: RegisterRow[] = []
  for (let household = 0; household < households; household++) {
    for (const [place, relation] of ['户主', '配偶', '子'].entries()) {
      const index = household * 3 + place
      const sex = place === 1 ? '女' : '男'
      rows.push({
        name: `${SURNAMES[(household * 7 + (place === 1 ? 3 : 0)) % SURNAMES.length]}${GIVEN[(index * 3) % GIVEN.length]}`,
        sex,
        idNumber: idNumber(index, sex),
        relation,
        household: `QF01${String(household + 1).padStart(5, '0')}`,
        phone: `139${String(10_000_000 + index * 37).slice(-8)}`,
        village,
        group: `${1 + (household % 12)}组`,
        plate: `${1 + Math.floor(household / 12)}号`,
        cell,
      })
    }
  }
  return rows
}

/** The rows as a CSV file, the way a spreadsheet saves it. */
export function registerCsv(rows: RegisterRow[]): string {
  const lines = rows.map((row) =>
    [
      row.name,
      row.sex,
      row.idNumber,
      row.relation,
      row.household,
      row.phone,
      row.village,
      row.group,
      row.plate,
      row.cell,
    ].join(','),
  )
  return `\ufeff${[HEADINGS.join(','), ...lines].join('\r\n')}\r\n`
}
