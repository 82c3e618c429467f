"""Which words are ordinary in English? In their simplest form."""

WORDS = """
abandon ability able abolish abrupt absence absorb abstract absurd abundant accelerate accept access accident
accommodate accompany accomplish account accumulate accurate achieve acid acquire act action active activity
actual acute adapt add addition address adequate adhere adjacent adjust administer admire admit adolescent
adopt adult advance advantage advertise advice advise aesthetic affair affect afford afraid afternoon age
agency agent aggressive agile ago agree agreement aid aim air akin alarm album alert alien align alive
allegation alliance allocate allow ally alone alter alternate amaze ambitious ambulance amend amount analysis
analyze ancestor anchor ancient angel anger angle angry animal animated ankle announce annual answer
anticipate antique anxious apart apartment apologize appeal appear apple appliance application apply appoint
appointment approach appropriate approve approximate april arbitrary arch area argue argument arise arm army
arrange array arrest arrive art article artificial ascend ash ask asleep aspect aspire assault assemble assert
assess asset assign assist assistance associate assume assure athlete atmosphere attach attack attacker attain
attempt attend attention attitude attorney attract auction audience august aunt authentic author authority
automatic available average avoid await awake award aware away awful awkward baby back background bad bag bait
bake balance balcony ball ban band bank bar bare bargain bark barn barrel barrier base basement basic basis
basket batch bath battery battle beach beam bean bear beast beat beautiful beauty bed bedroom beg begin behave
behavior belief believe bell belong belt bench bend beneath benefit besides best bet betray better beware bias
bid big bike bill bind biology bird birth birthday bishop bit bitcoin bite bizarre black blade blame blanket
blast bleed blend bless blind blink block blog blood blow blue board boat body boil bold bolt bomb bond bone
bonus book boom boost boot border born borrow boss bother bottle bottom bounce bound bow bowl box boy brace
brain brake branch brand brass brave breach bread break breakfast breath breathe breed brick bride bridge
brief bright bring broad broadcast broken bronze brother brown browse browser bruise brush brutal bucket
budget buffer bug build building bulb bulk bullet bully bump bunch bundle burden burial burn bury bus bush
business busy butter button buy cabin cabinet cable cage cake calcium calculate calendar call calm camera camp
campaign cancel cancer candidate candle candy canvas cap capable capital capture car carbon card care career
careful caregiver cargo carpet carry carve case caseworker cash cast castle casual cat catch category cattle
cause cautious cave cease ceiling celebrate celebrity cell cement center central century ceremony certain
certificate chain chair challenge chance change channel chaos chapel chapter character charge charity charm
chart chase chat cheap cheat check cheese chemical chemistry chess chest chicken chief child childcare
childhood chill chip choice choose chord chorus chronic chunk church cinema circle circuit circulate cite
citizen city civil civilian claim clarify clash class classroom clay clean clear clerk clever click client
cliff climate climb clinic clinician clip clock clone close cloth clothes cloud club clue cluster coach coal
coast coat code coffee coin coincide cold collapse collar colleague collect collector college colonial colony
color column combat combine comedy comet comfort comfortable comic command comment commerce commercial commit
committee commodity common communicate community compact companion company compare compel compensate compete
compile complain complaint complete complex complicated compliment compose compound comprehensive comprise
compromise computer conceal concede conceive concentrate concept concern conclude conclusion concrete condemn
condition conduct conference confess confidence confident confidential confine confirm conflict confuse
congress connect connection conquer conscious consecutive consensus consent conserve consider consist console
conspiracy constant constitute constrain constraint consult consume contact contain contaminate contempt
contend content contest context continue contract contrary contrast contribute control convenient conversation
convert convey convict convince cook cool cope copper copy coral cord core corn corner corporate correct
correlate corridor corrupt cost costume cottage cotton couch cough council counsel counselor count counter
country county couple coupon courage course court cousin cover craft crane crash crater crawl crazy create
creature credit creek crew crime criminal crisis critical crop cross crowd crown crude cruel crush cry crystal
cube culture cup cure curious curl currency current curriculum curtain curve cushion custody custom customer
cut cycle daily dairy dam damage damp dance danger dangerous dare dark dash data database date daughter dawn
day daycare dead deaf deal dealer dear death debate debris debt decade decay december decide decision deck
declare decline decorate decrease dedicate deed deep defeat defect defend defer deficit define definition
deflate degree delay delete deliberate delicate delight deliver demand democracy demolish demonstrate dense
dentist deny depart department depend deploy deposit depress depression deprive depth derive descend describe
description desert deserve design designate desire desk despise despite dessert destination destiny destroy
detach detail detect detention deter deteriorate determine devastate develop development device devil devise
devote diagnosis diagram dialogue diameter diamond dictate die diet differ difference different difficult
difficulty dig digest digital dignity dilemma dimension diminish dine dinner diplomat direct direction
director dirty disability disabled disagree disappear disappoint disaster discard discharge discipline
disclose discover discreet discuss discussion disease dish disk dismiss disorder disperse displace display
disposal dispose dispute disrupt dissolve distance distinct distort distribute district disturb dive diverse
divide divine divorce doable dock doctor document documentation dog dollar domestic dominate donate door dose
double doubt download downtown dozen draft drag dragon drain dramatic draw drawer dream dress drift drill
drink drive driver drop drown drug dry dual due dumb dump duplicate durable dust duty dwell dynamic eager
eagle ear early earn earth earthquake ease easily east easy eat echo eclipse ecology economic economy edge
edit edition editor educate education effect effective efficient effort egg ego eight elaborate elastic elbow
elder elect election electric elegant element eleven eligible eliminate elite embark embarrass embassy embed
embrace emerge emergency emigrate eminent emit emotion emotional emperor emphasis empire empirical employ
employee employer employment empty enable enact enclose encounter encourage encrypt end endorse endure enemy
energy enforce engage engine english enhance enjoy enlarge enormous enough enroll ensure enter enterprise
entertain enthusiasm entire entity entrance entry envelope environment envy epidemic episode equal equip
equipment era erase erect erode errand error erupt escape especially essay essential establish estate estimate
eternal ethics ethnic evacuate evaluate evaporate evening event eventually eviction evidence evident evil
evolve exact exaggerate examine example exceed excellent except excess exchange excite exclude exclusive
excuse execute exempt exercise exhaust exhibit exile exist exit exotic expand expect expense expensive
experience expert explain explicit explode exploit exploitation explore export expose exposition express
extend extent extinct extra extract extreme eye fabric fabulous face facilitate facility fact faction factor
faculty fade fail failure faint fair faith fall false fame familiar family famous fancy far farm fascinate
fashion fast fat fatal fate father fault faulty favor favorite fear feast feature february federal fee feed
feel feeling fellow female fence fentanyl fertile festival fever fiber fiction field fierce fight figure file
fill film filter final finance financial find fine finger finish fire firm first fish fit five fix flag flame
flash flat flaw fleet flesh flexible flight float flock flood floor flour flow flower fluid flush fly foam
focus foil fold folder folk follow food foot football forbid force forecast foreign forest forever forge
forget forgive form formal format former formula fort fortune forward fossil foster found foundation fountain
four fraction fragile fragment frame franchise fraud free freedom freeze frequent fresh friction friday friend
friendly fringe front frost frown fruit frustrate fuel fulfil full fun function fund funny furious furniture
fuse future gain galaxy gallery gallon gamble game gang gap garage garden gas gate gather gay gaze gear gender
gene general generally generate generation genius genre gentle genuine geography geometry gesture ghost giant
gift girl glad glance glass glimpse globe gloom glory glove glue goal god gold good gossip government gown
grab grace grade gradually graduate grain grandfather grandmother grant graph grasp grass grateful gravity
gray great green greet grievance grill grim grin grind grip grocery gross ground group grow growth guarantee
guard guardian guess guest guide guilt guilty gulf gun guy habit habitat hair half hall hammer hand handle
hang happen happy harbor hard hardly harm harsh harvest hat hate haul hazard head headline health healthy heap
hear hearing heart heat heavy height heir hello help helpful hence herb hero hesitate hide high highway hint
hire history hit hold hole holiday hollow holy home homeless homework honest honor hood hook hope horizon
horror horse hospital host hot hotel hotline hour house household housing huge human humor hundred hunger
hungry hunt hurry hurt husband hypothesis ice icon idea ideal identify identity ignore ill illegal illness
illusion illustrate image imagine imitate immediate immense immigrant immune impact impair imperial implement
implicit imply important impose impossible impress improve impulse incest inch incident incline include income
incorporate increase indent independent index indicate individual industry inevitable infant infection infer
infinite inflate influence inform information ingredient inhabit inherent inherit inhibit initial inject
injure injury innocent innovate input inquire insect insert inside insight insist inspect inspire install
instance instead instinct institute institution instruct instruction instrument insult insurance intact intake
integral integrate intellect intend intense intent interact intercept interest interesting interfere interior
intermediate internal internet interpret interpreter interval interview intimate intrinsic introduce invade
invasion invent inverse invest investigate invisible invite involve iron irony irrigate island isolate issue
item ivory jacket jail january jar jaw jazz jet jewel job join joke journal journey joy judge judgment juice
july jump june jungle junior jury justice justify juvenile keen keep key keyboard kick kid kidney kill kind
king kingdom kinship kiss kitchen knee knife knock label labor lack ladder lady lake lamp land landscape lane
language large laser last late latter laugh launch law lawn lawsuit lawyer lay layer layout lazy lead leader
leaf leak lean leap learn lease leave lecture left leg legacy legal legend legislate leisure lemon lend length
lens lesson letter level liable liberty library license lie life lift light likewise limit line linear link
lip liquid list listen literal literature litter live liver load loan lobby local locate location lock log
logic logo lonely long loop loose lose loss lost lot loud love lovely low loyal luck lucky lumber lunch lung
machine mad magazine magic magnet magnitude mail main mainstream maintain major majority male mall man manage
management manager mandate mandatory manifest manipulate manner mansion manual manufacture map marble march
margin marine mark market marriage married marry mask mass massacre massive master masterpiece match material
math matter mature maximum mayor meal mean meaning measure meat mechanic media medical medicine medieval
medium meet meeting melody melt member memo memoir memory mental mention menu merchant mercy merge merit mess
message metal metaphor meter method middle midnight migrate mild militant military milk mill mind mineral
minimum minor minute miracle mirror miss mission mist mistake mix mode model moderate modern modest modify
molecule moment momentum monarch monday money monitor monopoly month monument mood moon moral morning mortal
mortgage mother motion motivate motive motor mount mountain mouse mouth move movement movie mud multiple
multiply municipal murder muscle museum music musical mutual mystery myth nail naked name narrative narrow
nasty nation national native natural nature navigate nearby nearly neat necessary neck needle negative neglect
negotiate neighbor neighborhood nephew nerve nervous network neutral new news newspaper next nice niece night
nine noble noise none noon normal north northern northwestern nose note notice notion novel november nowhere
nuclear number numerous nurse nursery nut nutrition oak obey object objective obligation oblige obscure
observe obsess obstacle obtain obvious occasion occupation occupy occur ocean october odd odds offend offense
offer office officer official offset oil old omit onion online open opera operate operation operator opinion
opioid opportunity oppose opposite opt optimal option oral orange orbit orchestra order ordinary organ
organism organization organize orient origin original orphan otherwise outcome outgoing outline output outrage
outside outstanding oven overcome overdose overlap overlook overnight overwhelm owe owner oxygen pace pack
package page pain painful paint pair palace pale panel panic paper paragraph parallel pardon parent parish
park parking parole part partial participate particular partition partner party pass passage passenger passion
passport password past patch patent path patience patient patrol pattern pause pay payment peace peak peasant
peculiar pedestrian pediatric peer penalty pencil peninsula pension people pepper perceive percent perfect
perform performance period permanent permission permit perpetrator perpetual persist person personal
personality personalize perspective persuade pet petition phase philosophy phone photo photograph phrase
physical physics piano pick picture piece pile pilot pin pink pioneer pipe pirate pit pitch pizza place
placement plain plan plane planet plant plaster plastic plate platform play player playlist plead pleasant
pleasure plenty plot plug plural plus pocket podcast poem poet point poison pole police policy polite
political politics poll pond pool poor pope popular population port portable portion portrait pose position
positive possess possible post pot potent potential pottery pound pour poverty powder power practical practice
prairie praise pray prayer preach precede precious precise predict predominant prefer pregnancy pregnant
premier premise prepare preschool prescribe prescription presence present preserve president press pressure
prestige pretend pretty prevail prevent previous prey price pride priest primary primitive prince princess
principal principle print prior priority prison prisoner privacy private privilege prize probable probation
problem procedure proceed process proclaim proclamation procure produce product production productive
profession professional professor profile profit profound program progress prohibit project prominent promise
promote prompt prone pronoun proof propaganda proper property prophet proportion proposal propose prose
prosecute prospect prosper protect protection protein protest protocol proud prove provide provider province
provision provoke pseudonym psychiatric psychology public publish pull pulse pump punch punish pupil purchase
pure purpose purse pursue push put puzzle qualify quality quantity quarrel quarry quarter queen quest question
queue quick quiet quit quote rabbit race racial radiate radical radio rage raid rail rain raise random range
rank rape rapid rare rate rational raw reach react read reader ready real reality realize realm reap reason
reasonable rebel recall receipt receive recent recipe recipient reckon recognize recommend reconcile record
recover recovery recruit red reduce refer referral reflect reform refrigerator refuge refugee refuse regard
regime region register regret regular regulation reign reimburse reinforce reject relapse relate relation
relationship relative relax release relevant reliable relief religion religious relinquish reluctant rely
remain remark remedy remember remind remote remove render renew renown rent repair repeat repel replace
replica reply report represent representative reproduce republic request require rescue research resemble
resent reserve resident resign resist resolve resort resource respect respond response responsible rest
restaurant restore restrain restrict result resume retail retain retire retreat return reunify reveal revenge
revenue reverse review revise revive revolt reward rhetoric rhythm rice rich rid ride ridge right rigid ring
riot rise risk ritual rival river road roast rob robber robot rock rocket role roll roof room root rope rotate
rough round route routine row royal rub rubber rude ruin rule ruler rumor run runaway rural rush sack sacred
sacrifice sad safe safety sail saint salad salary sale salt sample sanction sand satellite satisfy saturate
saturday sauce save scale scandal scar scare scared scatter scenario scene scent schedule scheme scholar
school science scientist scissors scope score scramble scratch scream screen screenshot screw script sculpture
sea seal search season seat second secret secretary section secular secure security seed seek seem segment
seize seldom select self sell senate send senior sense sensible sensitive sentence separate september sequence
sequential series serious servant serve service session set settle seven severe sew sex sexual shade shadow
shake shallow shame shape share sharp shed shelf shell shelter shield shift shine ship shirt shock shoe shoot
shop shore short shortcut shot shoulder shout show shower shrink shrub shut shy sibling sick side siege sight
sign signal signature significant silence silent silk silly silver similar simple simulate simultaneous sin
sincere sing single singular sink sir sister sit site situation six size skeleton skill skin skip skirt skull
sky slave sleep slice slide slight slim slip slope slot slow small smart smell smile smoke smooth snack snake
snow soap social society sock soft soil solar soldier sole solid soluble solution solve somewhere son song
soon sorry sort soul sound soup source south space span spanish spare spark speak special specific specimen
spectrum speech speed spell spend sphere spice spike spill spin spiral spirit spiritual splendid split spoil
spoon sport spot spouse spray spread spring squad square stable stack stadium staff stage stain stair stake
stall stamp stance stand standard star stare start state statement static station statistics statue status
stay steady steal steam steel steep stem step stereotype stick stiff stimulate sting stipend stir stock
stomach stone stop storage store storm story straight strand strange stranger strategy straw stream street
strength stress stretch strict strike string strip strive stroke strong structure struggle student study stuff
stupid style subject sublime submerge submit subpoena subsequent subsidy substance substitute subtle suburb
succeed success successful successive suck sudden suffer suffice sufficient sugar suggest suicide suit
suitable summary summer summit sun sunday superb superficial superior supervise supervisor supper supplement
supply support suppose suppress supreme sure surface surge surgery surplus surprise surrender surround survey
survive survivor suspect suspend suspicion sustain swallow swap swear sweep sweet swell swift swim swing
switch sword symbol symmetry sympathy symphony symptom syndrome syntax synthesis system table tackle tail
talent talk tall tangible tank tap tape target tariff task taste tax taxi tea teach teacher team tear tease
technical technique technology teenager telephone telescope television temperature temple temporal temporary
tempt ten tenant tend tender tense term terminal terrain terrible terrify territory terror test testify text
texture thank theater theft theme theory therapist therapy thesis thick thief thin think thirsty thirteen
thirty thorough thought thousand thread threat threaten three threshold thrive throat throne throw thrust
thumb thursday ticket tide tidy tie tight tile timber time tiny tip tired tissue title tobacco today toddler
toe together toilet token tolerate tomb tomorrow tone tongue tonight tool tooth top topic torch tornado
torture total touch tough tour tourist tournament towel tower town toxic toy trace track trade tradition
traditional traffic trafficking tragedy train training trait transact transcript transfer transform transit
translate transmit transparent transport trap trash trauma travel treasure treat treatment treaty tree
tremendous trend trial tribe trick trigger trip triumph trivial tropical trouble truck true trust truth try
tube tuesday tuition tumor tune tunnel turn tweet twelve twenty twice twin twist two type typical ugly
ultimate umbrella unable uncle undergo undermine understand undocumented unemployed unexpected unfair
unfortunately uniform unify union unique unit unite universe university unknown unlikely unsafe unusual update
upload upper upset upstairs urban urge urgency urgent use useful user usual utilize vacant vacation vaccine
vacuum vague valley valuable value vampire van vanish vapor variable variety various vary vast vault vector
vegetable vegetation vehicle vein velocity venture venue verb verdict verse version vertical vessel veteran
viable vibrate victim victory video view viewpoint vigorous villa village violence violent virtual virtue visa
visible vision visit visitor vital vivid vocal voice volcano voltage volume volunteer vote voucher voyage
vulnerable wage wagon wait waiver wake walk wall wallpaper wander war warm warn warning warrant wash waste
watch water watershed wave weak wealth wealthy weapon wear weather weave wedding wednesday week weekend weigh
weight weird welcome welfare well west wet whale wheat wheel whip whisper white whole wide widespread widow
width wife wild wilderness willing win wind window wine wing winner winter wire wisdom wise wish witch
withdraw withstand witness wizard woman wonder wonderful wood wool word work worker workforce world worried
worry worse worship worst worth wound wrap wreck wrist write writer written wrong yard yeah year yellow
yesterday yield young youth zero zone zoom
"""
