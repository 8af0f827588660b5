// The drawn signs: icons (24 grid, stroked) say what a thing is, shapes (12 grid) say what it means.

const circle = (x: number, y: number, r: number) =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`
const rect = (x: number, y: number, w: number, h: number) => `M${x} ${y}h${w}v${h}h${-w}z`

export const icons = {
  today: `${rect(4, 5, 16, 15)}M4 10h16M8.5 3v4M15.5 3v4M9 15l2.2 2.2 4-4.2`,
  people: `${circle(9, 8, 3.2)}M3 19.5c.5-3.600 2.900-5.500 6-5.500s5.500 1.900 6 5.500M15.500 5.200a3 3 0 0 1 0 5.600M17.600 14.500c1.900.8 3 2.500 3.400 5`,
  person: `${circle(12, 8, 3.6)}M5 20c.6-4 3.400-6.200 7-6.200s6.400 2.200 7 6.200`,
  patrol: `${circle(5.5, 18.5, 2)}${circle(18.5, 5.5, 2)}M7.500 18.500h7.700a3.250 3.250 0 0 0 0-6.500H8.800a3.250 3.250 0 0 1 0-6.500h7.700`,
  dispute: 'M14.500 12H8.500L5 15v-3H3.500V4.500h11zM17.500 9h3v7.500H19v3l-3.500-3H9.500v-2',
  hazard: 'M12 4 21 19.500H3zM12 10v4.500M12 17.100v.1',
  flow: 'M4 8h15.500L16 4.500M20 16H4.500L8 19.500',
  report: 'M3.500 20h17M7 20v-6M12 20V5M17 20v-9.500',
  sync: 'M8 20V5M4.500 8.500 8 5l3.500 3.500M16 4v15M12.500 15.500 16 19l3.500-3.500',
  conflict: 'M12 20.500v-8L5 4M12 12.500 19 4M5 8V4h4M15 4h4v4',
  settings: `M4 7h8.500M17.500 7H20M4 17h2.500M11.500 17H20${circle(15, 7, 2.5)}${circle(9, 17, 2.5)}`,
  find: `${circle(10.5, 10.5, 6)}m15 15 5.500 5.500`.replace('zm15 15', 'zM15 15l'),
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  x: 'm6 6 12 12M18 6 6 18',
  down: 'm6 9 6 6 6-6',
  up: 'm6 15 6-6 6 6',
  left: 'M15 5.500 8.500 12l6.500 6.500',
  right: 'm9 5.500 6.500 6.500L9 18.500',
  lock: `${rect(5.5, 11, 13, 9)}M8.500 11V8a3.500 3.500 0 0 1 7 0v3`,
  home: 'M4 11.500 12 4.500l8 7M6 10v9.500h12V10M10 19.500V14h4v5.500',
  visit: 'M6 20.500V4.500L15.500 3v18L6 20.500zM15.500 5.500H19v15h-3.500M12.500 12v.1',
  wish: 'M4 5h16v11.500h-8L7.500 20v-3.500H4zM8 9.500h8M8 12.500h5',
  usb: `${rect(8, 9, 8, 11.5)}M9.500 9V3.500h5V9M12 13v3`,
  file: 'M6 3.500h8l4 4v13H6zM14 3.500v4h4M9 12h6M9 16h6',
  upload: 'M12 16V4.500M7.500 9 12 4.500 16.500 9M4.500 16v4h15v-4',
  download: 'M12 4v11.500M7.500 11l4.500 4.500 4.500-4.500M4.500 16v4h15v-4',
  edit: 'M4.500 19.500l1-4.500L16 4.500l3.500 3.500L9 18.500zM13.500 7l3.500 3.500',
  print: 'M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z',
  eye: `M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12z${circle(12, 12, 2.8)}`,
  calendar: `${rect(4, 5, 16, 15)}M4 10h16M8.500 3v4M15.500 3v4`,
  place: `M12 21s-6.500-6-6.500-11a6.500 6.500 0 0 1 13 0c0 5-6.500 11-6.500 11z${circle(12, 10, 2.3)}`,
  phone:
    'M6 4h3.500l1.500 4-2 1.500a11 11 0 0 0 5.500 5.500l1.500-2 4 1.500V18c0 1.500-1 2-2 2C11 20 4 13 4 6c0-1 .5-2 2-2z',
  import: 'M12 4v10.500M8 10.500l4 4 4-4M4.500 13v7h15v-7',
  history: 'M4.500 12a7.500 7.500 0 1 0 2.500-5.600M4.500 4.500v4h4M12 8v4.500l3 2',
} as const

export type IconName = keyof typeof icons

/** `ring` shapes are stroked, the others filled. */
export const shapes = {
  over: { d: 'M6 .6 11.700 11.200H.3z', ring: false },
  due: { d: 'M6 .2 11.800 6 6 11.800.2 6z', ring: false },
  here: { d: `${circle(6, 6, 4.8)}`, ring: true, dot: true },
  ring: { d: circle(6, 6, 4.6), ring: true },
  off: { d: `${circle(6, 6, 4.8)}M2.800 9.200l6.400-6.400`, ring: true },
  fork: { d: 'M6 11.300V6.800L2.200 1.200M6 6.800 9.800 1.200', ring: true },
  aside: { d: 'M.8.8h10.400v10.400H.8zM3.600 3.300v5.400h1.500V3.300zM6.900 3.300v5.400h1.500V3.300z', ring: false },
  got: {
    d: 'M6 .2a5.800 5.800 0 1 1 0 11.600A5.800 5.800 0 0 1 6 .2zM3.600 5.100 2.500 6.200 5.200 8.900 9.600 4.200 8.500 3.200 5.100 6.700z',
    ring: false,
  },
  tick: { d: 'M1.800 6.400 4.700 9.300 10.300 3', ring: true },
  cross: { d: 'm2.500 2.500 7 7M9.500 2.500l-7 7', ring: true },
  dash: { d: 'M2 6h8', ring: true },
  dot: { d: circle(6, 6, 4), ring: false },
  signal: { d: 'M.8 8h2.400v3.500H.8zM4.800 5h2.400v6.500H4.800zM8.800 1.500h2.400v10H8.800z', ring: false },
  square: { d: 'M1.500 1.500h9v9h-9z', ring: false },
} as const satisfies Record<string, { d: string; ring: boolean; dot?: boolean }>

export type ShapeName = keyof typeof shapes

/** The colours that mean something. A word or a shape always stands beside them. */
export type Tone = 'red' | 'orange' | 'yellow' | 'blue' | 'grey' | 'two' | 'green' | 'action'
