// The Business Administration department, with the MBA courses and those other majors take for breadth.
import type { CatalogueDepartment } from '../catalogue.types.js';
import { course, EVERY_TERM, FALL, FALL_AND_SPRING, SPRING, SPRING_AND_SUMMER } from '../builders.js';

export const businessAdministration: CatalogueDepartment = {
  name: 'Business Administration',
  courses: [
    course('BUS101', 'Introduction to Business', 3, EVERY_TERM, {
      about:
        'How firms are organized, financed and managed, and how markets, regulation and society act on them. First course for intending majors.',
    }),
    course('BUS110', 'Business Communication', 3, FALL_AND_SPRING, {
      requires: ['ENGL101'],
      about:
        'Memos, reports, proposals, meetings and presentations for professional readers, with revision of every major assignment.',
    }),
    course('BUS120', 'Personal Finance', 3, EVERY_TERM, {
      about:
        'Budgeting, credit, taxes, insurance, housing and retirement saving, with worked decisions from student life to retirement.',
    }),
    course('BUS130', 'Principles of Microeconomics', 3, EVERY_TERM, {
      about:
        'Supply and demand, consumer choice, costs, competition, monopoly, externalities and the case for and against intervention.',
    }),
    course('BUS131', 'Principles of Macroeconomics', 3, EVERY_TERM, {
      about:
        'National income, unemployment, inflation, money, fiscal and monetary policy, growth and the balance of payments.',
    }),
    course('BUS201', 'Financial Accounting', 3, EVERY_TERM, {
      requires: ['BUS101'],
      about:
        'Recording transactions and preparing the income statement, balance sheet and cash-flow statement for outside readers.',
    }),
    course('BUS202', 'Managerial Accounting', 3, EVERY_TERM, {
      requires: ['BUS201'],
      about:
        'Cost behavior, budgeting, variance analysis and relevant costs as instruments for planning and control inside the firm.',
    }),
    course('BUS210', 'Legal Environment of Business', 3, FALL_AND_SPRING, {
      requires: ['BUS101'],
      about:
        'Contracts, torts, agency, employment, product liability and business organizations, taught through appellate cases.',
    }),
    course('BUS240', 'Business Ethics', 3, FALL_AND_SPRING, {
      requires: ['BUS101'],
      about:
        'Duties to shareholders, employees, customers and the environment, argued from ethical theory and recent corporate cases.',
    }),
    course('BUS301', 'Corporate Finance', 3, EVERY_TERM, {
      requires: ['BUS201', 'STAT101'],
      about:
        'Time value of money, valuation of bonds and stocks, capital budgeting, risk and return, and capital structure.',
    }),
    course('BUS302', 'Intermediate Accounting', 3, FALL, {
      requires: ['BUS202'],
      about:
        'Revenue recognition, inventories, long-lived assets, leases and liabilities under generally accepted principles.',
    }),
    course('BUS305', 'Investments', 3, FALL, {
      requires: ['BUS301'],
      about:
        'Portfolio theory, asset pricing, equity and bond analysis and market efficiency, with management of a simulated fund.',
    }),
    course('BUS310', 'Principles of Marketing', 3, EVERY_TERM, {
      requires: ['BUS101', 'BUS130'],
      about:
        'Segmentation, positioning, product, price, promotion and distribution, tied together in a team marketing plan.',
    }),
    course('BUS320', 'Organizational Behavior', 3, FALL_AND_SPRING, {
      requires: ['BUS101'],
      about:
        'Motivation, groups, power, conflict, leadership and culture at work, analyzed in cases and structured exercises.',
    }),
    course('BUS330', 'Operations Management', 3, FALL_AND_SPRING, {
      requires: ['MATH135', 'STAT101'],
      about:
        'Process analysis, forecasting, inventory, scheduling, quality and lean production in manufacturing and services.',
    }),
    course('BUS340', 'Management Information Systems', 3, FALL_AND_SPRING, {
      requires: ['BUS101'],
      about:
        'How organizations select, build and use information systems, including enterprise software, data governance and security.',
    }),
    course('BUS350', 'Entrepreneurship', 3, FALL, {
      requires: ['BUS201'],
      about:
        'Opportunity recognition, customer discovery, business models, financing and legal form of a new venture.',
    }),
    course('BUS360', 'International Business', 3, SPRING, {
      requires: ['BUS131'],
      about:
        'Trade, foreign exchange, cultural difference, entry strategy and the management of multinational operations.',
    }),
    course('BUS410', 'Marketing Research', 3, SPRING, {
      requires: ['BUS310', 'STAT101'],
      about:
        'Problem definition, survey and experimental design, sampling, measurement and analysis for marketing decisions.',
    }),
    course('BUS430', 'Supply Chain Management', 3, FALL, {
      requires: ['BUS330'],
      about:
        'Sourcing, logistics, network design, coordination and risk along the chain from raw material to customer.',
    }),
    course('BUS440', 'Business Analytics', 3, SPRING, {
      requires: ['BUS340', 'STAT101'],
      about:
        'Descriptive, predictive and prescriptive models of business data, built in spreadsheets and a statistical package.',
    }),
    course('BUS490', 'Strategic Management', 3, FALL_AND_SPRING, {
      requires: ['BUS301', 'BUS310', 'BUS330'],
      about:
        'Industry analysis, competitive advantage, diversification and implementation, with a simulation that joins all business functions.',
    }),
    // MBA courses presume the matching undergraduate principles, which admitted students have met.
    course('BUS501', 'Financial Reporting for Managers', 3, FALL_AND_SPRING, {
      requires: ['BUS201'],
      about:
        'Reading, interpreting and questioning financial statements from the standpoint of the general manager.',
    }),
    course('BUS502', 'Managerial Economics', 3, FALL_AND_SPRING, {
      requires: ['BUS130'],
      about:
        'Demand, cost, pricing, game theory and incentives applied to decisions of the firm and its competitors.',
    }),
    course('BUS505', 'Data Analysis for Managers', 3, FALL_AND_SPRING, {
      requires: ['STAT101'],
      about:
        'Probability, inference, regression and decision analysis with business data, stressing judgment about evidence.',
    }),
    course('BUS510', 'Financial Management', 3, FALL_AND_SPRING, {
      requires: ['BUS501'],
      about:
        'Valuation, capital budgeting, cost of capital, payout policy and financing choices in cases of increasing difficulty.',
    }),
    course('BUS520', 'Marketing Management', 3, FALL_AND_SPRING, {
      requires: ['BUS502'],
      about:
        'Customer value, brand, pricing, channels and digital promotion, studied through cases and a market simulation.',
    }),
    course('BUS530', 'Leadership and Organizations', 3, FALL_AND_SPRING, {
      requires: ['BUS320'],
      about:
        'Leading individuals, teams and change; organizational design, culture and power, with personal development plans.',
    }),
    course('BUS540', 'Operations and Supply Chains', 3, FALL_AND_SPRING, {
      requires: ['BUS505'],
      about:
        'Capacity, variability, quality, inventory and supply networks as sources of competitive advantage.',
    }),
    course('BUS550', 'Information and Technology Strategy', 3, SPRING, {
      requires: ['BUS340'],
      about:
        'Digital platforms, sourcing, data as an asset, cybersecurity governance and the business case for technology.',
    }),
    course('BUS560', 'Business Law and Corporate Governance', 3, FALL, {
      requires: ['BUS210'],
      about:
        'Fiduciary duties, securities, antitrust, intellectual property and the law of the modern corporation for executives.',
    }),
    course('BUS610', 'Investment and Portfolio Management', 3, FALL, {
      requires: ['BUS510'],
      about:
        'Asset allocation, factor models, fixed income, performance measurement and stewardship of a live student fund.',
    }),
    course('BUS625', 'Marketing Analytics', 3, SPRING, {
      requires: ['BUS505', 'BUS520'],
      about:
        'Customer lifetime value, choice models, experiments and attribution, estimated on retail and online data.',
    }),
    course('BUS630', 'Negotiation', 3, FALL_AND_SPRING, {
      requires: ['BUS530'],
      about:
        'Distributive and integrative bargaining, multiparty talks and dispute resolution, practiced weekly in simulations.',
    }),
    course('BUS650', 'New Venture Creation', 3, SPRING, {
      requires: ['BUS510', 'BUS520'],
      about:
        'Teams develop a venture from idea to investor presentation, including prototype, market test and financial plan.',
    }),
    course('BUS660', 'Global Strategy', 3, SPRING, {
      requires: ['BUS502'],
      about:
        'Competing across borders: location, alliances, political risk, emerging markets and organization of the multinational.',
    }),
    course('BUS690', 'Strategy Capstone', 3, FALL_AND_SPRING, {
      requires: ['BUS510', 'BUS520', 'BUS540'],
      about:
        'Formulating and executing strategy for the whole enterprise, in complex cases and a competitive simulation.',
    }),
    course('BUS695', 'Consulting Practicum', 3, SPRING_AND_SUMMER, {
      requires: ['BUS510', 'BUS530'],
      about:
        'Teams solve a live problem for a client firm under faculty guidance and present recommendations to its management.',
    }),
  ],
};
