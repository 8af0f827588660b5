// Connects this window before anything else is imported: what the router finds in the address must not be the token.
import { connect } from './client'

connect()
