/** Users, teams and budgets, as administrators see them. */
import type { Role } from './session';
import type { Instant, Limits, Named, Spending } from './shared';

export interface User extends Limits, Spending {
  id: string;
  name: string;
  email: string | null;
  role: Role;
  blocked: boolean;
  models: string[];
  teams: Named[];
  keys_count: number;
  last_active_at: Instant | null;
  created_at: Instant;
}

export interface UserOrder extends Partial<Limits> {
  id?: string;
  name?: string;
  email?: string | null;
  role?: Role;
  blocked?: boolean;
  models?: string[];
}

export type TeamRole = 'admin' | 'member';

export interface TeamMember {
  user_id: string;
  name: string;
  role: TeamRole;
}

export interface Team extends Limits, Spending {
  id: string;
  name: string;
  blocked: boolean;
  models: string[];
  members_count: number;
  keys_count: number;
  /** Given for one team, left out in lists. */
  members?: TeamMember[];
  created_at: Instant;
}

export interface TeamOrder extends Partial<Limits> {
  name?: string;
  blocked?: boolean;
  models?: string[];
}

export interface Budget extends Limits {
  id: string;
  users_count: number;
  teams_count: number;
  keys_count: number;
  created_at: Instant;
}

export interface BudgetOrder extends Partial<Limits> {
  id?: string;
}
