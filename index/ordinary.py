"""Which words are spelt right though no document of the library has them?

The ordinary words of each language, in their simplest form. One of these that a library lacks is missing
there: it is no slip of another word, as "profit" is none of "profile". Their stems cover their other forms.
"""

from __future__ import annotations

import functools

from index.analysis import analyzer
from kb.text import fold

_ENGLISH = """
ability able absence accept access accident accompany account accurate achieve act action active activity
actual add addition address adequate admit adolescent adopt adult advance advantage advice advise affair
affect afford afraid afternoon age agency agent ago agree agreement aid aim air alarm alive allegation allow
alone ambulance amount anger angry animal animated announce annual answer anxious apart apartment apologize
appeal appear apple application apply appoint appointment approach appropriate approve april area argue
argument arm army arrange arrest arrive art article ask asleep aspect assess assign assist assistance
associate assume attach attack attacker attempt attend attention attitude attorney attract august aunt author
authority available average avoid awake award aware away awful baby back background bad bag balance ball ban
band bank bar base basic basis basket bath battle beach bear beat beautiful beauty bed bedroom begin behave
behavior belief believe bell belong belt benefit best better big bill bird birth birthday bit bitcoin bite
black blame blanket bleed bless blind block blog blood blow blue board boat body boil bone bonus book boot
border born borrow boss bottle bottom box boy brain branch brand brave bread break breakfast breath breathe
bridge brief bright bring broad broken brother brown browser bruise brush budget build building burn bus
business busy button buy cake calculate calendar call calm camera camp campaign cancel cancer candidate
capable capital car card care career careful caregiver carry case caseworker cash cat catch category cause
ceiling celebrate cell center central century ceremony certain certificate chain chair challenge chance change
channel chapter character charge charity chart chase chat cheap cheat check cheese chemical chest chicken
chief child childcare childhood choice choose church circle citizen city civil claim class classroom clean
clear clerk clever click client climate climb clinic clinician clock close clothes cloud club coach coast coat
coffee cold collect college color combine comfort comfortable command comment commercial commit committee
common communicate community company compare compete complain complaint complete complex complicated
compliment computer concept concern conclude conclusion condition conduct conference confidence confident
confidential confirm conflict confuse connect connection consent consider consist constant constrain contact
contain content contest context continue contract contribute control convenient conversation convince cook
cool copy corner correct cost cough council counsel counselor count country county couple courage course court
cousin cover crash crawl crazy create credit crime criminal crisis critical cross crowd cry culture cup cure
curious current curve custody custom customer cut daily damage dance danger dangerous dark data database date
daughter day daycare dead deaf deal dear death debate debt decade december decide decision decline decrease
deep defend define definition degree delay deliver demand dentist deny depart department depend deposit
depress depression depth describe description desert deserve design desire desk despite destiny destroy detail
detect detention determine develop development device diagnosis die diet differ difference different difficult
difficulty dig dinner direct direction director dirty disability disabled disagree disappear disappoint
disaster discipline disclose discover discreet discuss discussion disease dish dismiss dispute distance
distinct distribute district divide divorce doable doctor document documentation dog dollar domestic door dose
double doubt download downtown dozen draft drag dragon draw dream dress drink drive driver drop drug dry due
dumb dust duty eager ear early earn earth ease easily east easy eat economic economy edge edit educate
education effect effective efficient effort egg eight elder elect election electric element eleven eligible
emergency emotion emotional employ employee employer employment empty enable encourage encrypt end enemy
energy enforce engage engine english enjoy enormous enough enroll ensure enter entire entrance entry envelope
environment equal equipment error escape especially essential establish estate estimate evaluate evening event
eventually eviction evidence evil exact examine example excellent except exchange excite exclude exclusive
excuse exempt exercise exist exit expand expect expense expensive experience expert explain exploit
exploitation explore expose express extend extent extra extreme eye face facility fact factor fail failure
fair faith fall false familiar family famous far farm fashion fast fat father fault faulty favor favorite fear
feature february federal fee feed feel feeling fellow female fence fentanyl field fight figure file fill film
final finance financial find fine finger finish fire firm first fish fit five fix flag flat flight floor flow
flower fly focus fold folder follow food foot football force foreign forest forever forget forgive form formal
former fortune forward foster found foundation four frame free freedom fresh friday friend friendly front
fruit full fun function fund funny furniture future gain gallery gamble game gap garage garden gas gate gather
gay gender general generally generate generation gentle gift girl glad glass glove goal god gold good
government grade gradually grandfather grandmother grant grass grateful gray great green greet grievance
grocery ground group grow growth guarantee guard guardian guess guest guide guilty gun guy habit hair half
hall hand handle hang happen happy harbor hard hardly harm hat hate head headline health healthy hear hearing
heart heat heavy height hello help helpful hesitate hide high highway hire history hit hold hole holiday home
homeless homework honest honor hope horse hospital host hot hotel hotline hour house household housing huge
human humor hundred hungry hunt hurry hurt husband ice idea ideal identify identity ignore ill illegal illness
image imagine immediate immigrant impact implement imply important impossible impress improve incest incident
include income increase independent indicate individual industry infant infection influence inform information
initial injure injury innocent inquire inside insist inspect instance instead institute institution
instruction insurance intake intend intent interest interesting internal internet interpret interpreter
interview introduce invade invent invest investigate invisible invite involve iron island issue item jacket
jail january job join joke journal journey joy judge judgment juice july jump june junior jury justice justify
juvenile keep key keyboard kick kid kidney kill kind king kinship kiss kitchen knee knife knock label labor
lack lady lake land language large last late latter laugh launch law lawn lawyer lay lazy lead leader leaf
learn lease leave lecture left leg legal lend length lesson letter level liable liberty library license lie
life lift light limit line link lip liquid list listen literal literature litter live liver load loan local
locate location lock logo lonely long loose lose loss lost lot loud love lovely low loyal luck lucky lunch
lung machine mad magazine mail main maintain major majority male mall man manage management manager mandate
mandatory manner manual map march mark market marriage married marry mass master match material math matter
maximum mayor meal mean meaning measure meat media medical medicine medium meet meeting member memo memory
mental mention menu mess message metal method middle midnight mild military milk mind minimum minor minute
miracle mirror miss mission mistake mix model modern moment monday money month mood moon moral morning
mortgage mother motion motivate motor mountain mouse mouth move movement movie murder muscle museum music
musical mystery nail name narrow nation national native natural nature nearby nearly neat necessary neck
needle negative neglect negotiate neighbor neighborhood nephew nerve nervous network neutral new news
newspaper next nice niece night nine noise none noon normal north nose note notice novel november nowhere
number nurse nursery nut obey object objective obligation observe obtain obvious occasion occupation occur
ocean october odd offend offense offer office officer official oil old online open operate operation operator
opinion opioid opportunity oppose opposite option oral orange order ordinary organ organization organize
origin original orphan otherwise outcome outside oven overcome overdose overnight owe owner pack package page
pain painful paint pair palace pale panel panic paper paragraph pardon parent park parking parole part partial
participate particular partner party pass passage passenger passport password past path patience patient
pattern pause pay payment peace pediatric penalty pencil pension people pepper percent perfect perform
performance period permanent permission permit perpetrator person personal personality persuade pet petition
phase phone photo photograph phrase physical piano pick picture piece pilot pink pipe pizza place placement
plain plan plane plant plastic plate play player playlist pleasant pleasure plenty plus pocket podcast poem
poet point poison police policy polite political politics pool poor popular population port position positive
possess possible post pot potential pound pour poverty power practical practice praise pray prayer precise
predict prefer pregnancy pregnant prepare preschool prescription presence present preserve president press
pressure pretend pretty prevent previous price pride priest primary prince principal principle print prior
priority prison prisoner privacy private prize probable probation problem procedure proceed process produce
product production profession professional professor profit program progress prohibit project promise promote
pronoun proof proper property proposal propose prosecute prospect protect protection protest proud prove
provide provider provision psychiatric psychology public publish pull punish pupil purchase pure purpose purse
pursue push put qualify quality quantity quarrel quarter queen question quick quiet quit quote race racial
radio rain raise range rank rape rapid rare rate raw reach react read reader ready real reality realize reason
reasonable recall receipt receive recent recipe recipient recognize recommend record recover recovery red
reduce refer referral reflect reform refrigerator refugee refuse regard region register regret regular
regulation reimburse reject relapse relate relation relationship relative relax release relevant reliable
relief religion religious relinquish rely remain remark remember remind remote remove rent repair repeat
replace reply report represent representative request require rescue research resent reserve resident resist
resolve resort resource respect respond response responsible rest restaurant restrict result retire return
reunify reveal revenue reverse review reward rhythm rice rich rid ride right ring rise risk rival river road
rob robber rock role roll roof room root rope rough round route routine row royal rub rubber rude ruin rule
ruler rumor run runaway rural rush sack sad safe safety sail salad salary sale salt sample sand satisfy
saturday save scale scandal scar scare scared scene schedule scheme scholar school science scientist scissors
scope score scream screen screenshot sea search season seat second secret secretary section secure security
seek seem seize seldom select self sell send senior sense sensible sensitive sentence separate september
sequential series serious servant serve service session set settle seven severe sew sex sexual shade shadow
shake shallow shame shape share sharp shelf shell shelter shift shine ship shirt shock shoe shoot shop shore
short shortcut shot shoulder shout show shower shut shy sibling sick side sight sign signal signature
significant silence silent silk silly silver similar simple sincere sing single sink sir sister sit site
situation six size skill skin skirt sky slave sleep slice slide slight slip slow small smart smell smile smoke
smooth snack snake snow soap social society sock soft soil soldier solid solution solve somewhere son song
soon sorry sort soul sound soup source south space spanish spare speak special specific speech speed spell
spend spirit spiritual split spoil spoon sport spot spouse spread spring square stadium staff stage stair
stamp stand standard star stare start state statement station statistics status stay steady steal steam steel
step stick stiff stipend stock stomach stone stop storage store storm story straight strange stranger strategy
stream street strength stress stretch strict strike string strip strong structure struggle student study stuff
stupid style subject submit subpoena substance substitute succeed success successful sudden suffer sufficient
sugar suggest suicide suit suitable summary summer sun sunday supervise supervisor supper supply support
suppose supreme sure surface surgery surprise surrender surround survey survive survivor suspect suspend
suspicion swallow swap swear sweep sweet swell swim switch symbol sympathy symptom syntax system table tail
talent talk tall tank tape target task taste tax taxi tea teach teacher team tear technical technique
technology teenager telephone television temperature temporary ten tend term terrible terrify territory terror
test testify text thank theater theft theme theory therapist therapy thick thief thin think thirsty thirteen
thirty thorough thought thousand thread threat threaten three throat throw thumb thursday ticket tidy tie
tight time tiny tip tired title tobacco today toddler toe together toilet tomorrow tone tongue tonight tool
tooth top topic total touch tough tour tourist towel tower town toy track trade tradition traditional traffic
trafficking tragedy train training transfer transform translate transport trap trash trauma travel treat
treatment tree trial tribe trick trip trouble truck true trust truth try tube tuesday tuition tune turn tweet
twelve twenty twice twin twist two type typical ugly ultimate umbrella unable uncle understand undocumented
unemployed unexpected unfair unfortunately uniform union unique unit unite universe university unknown
unlikely unsafe unusual update upload upper upset upstairs urban urge urgency urgent use useful user usual
vacation vaccine valley valuable value vampire van variety various vary vast vegetable vehicle verb version
victim victory video view village violence violent visa visible vision visit visitor vital voice volume
volunteer vote voucher vulnerable wage wait waiver wake walk wall wallpaper wander war warm warn warning
warrant wash waste watch water wave weak wealth weapon wear weather wedding wednesday week weekend weigh
weight weird welcome welfare well west wet wheel whisper white whole wide widow wife wild willing win wind
window wine wing winner winter wire wise wish witness wizard woman wonder wonderful wood word work worker
workforce world worried worry worse worst worth wound wrap write writer written wrong yard yeah year yellow
yesterday young youth zero zone zoom
"""

_SPANISH = """
abajo abandonar abandono abierto abogado abrazo abrigo abril abrir abuela abuelo abuso acabar aceite aceptar
acera acercar aclarar acompañar aconsejar acordar acoso acostar acostumbrar acta actitud actividad activo acto
actual actuar acudir acuerdo acusar adaptar adelante adentro administrar admitir adolescente adopción adoptar
adulto advertir afectar afuera agencia agente agosto agradable agradecer agregar agua aire ajustar alcalde
alcanzar alcohol alegre alegría alejar algodón alimentar alimento alma almuerzo alojar alquilar alquiler alto
altura alumno amable amar amargo amarillo ambiente ambulancia amenaza amenazar amiga amigo amistad amor
ampliar añadir ancho anciano andar anillo animal animar aniversario año anoche anterior antiguo anunciar
anuncio apagar aparecer apartamento apelación apellido aplicar apoyar apoyo aprender aprobar aprovechar
apuntar árbol archivo área arena arma arreglar arrestar arriba arroz arte artículo asesinar asesor asiento
asistencia asistir asociación aspecto asunto asustar atacar ataque atención atender atrapar atrás aula
aumentar aumento ausencia auto autobús autor autoridad autorizar avanzar avenida aventura avión avisar aviso
ayer ayuda ayudar azúcar azul bailar baile bajar balance bañar banco bandera baño barato barba barco barrio
base bastante basura bebé beber bebida beca beneficio beso biblioteca bicicleta bienestar bigote billete
blanco boca boda bolsa bombero bonito borrar bosque bota botella brazo breve brillar brindar broma bueno burro
buscar búsqueda caballo cabello caber cabeza cadena caer café caja cajón calcular calendario calidad caliente
calle calma calor cama cámara cambiar cambio caminar camino camión camisa campaña campo canción cansado cantar
cantidad capacidad capaz capital capítulo cara carácter cárcel cargo cariño carne caro carrera carretera carro
carta cartera casa casado casar caso castigo categoría causa causar celebrar cena cenar central centro cerca
cerebro cerrado cerrar certificado chica chico chiste ciego cielo ciencia científico cierto cigarro cine
círculo cirugía cita ciudad ciudadano civil clara claro clase cliente clima clínica cobrar coche cocina
cocinar código coger cola colegio color comedor comenzar comer comercio comida comisión cómodo compañero
compañía comparar compartir competir completo complicado comportamiento compra comprar comprender comprobar
computadora común comunicar comunidad conceder concepto concluir concurso condado condición conducir conducta
conejo confianza confiar confirmar conflicto conformar confundir congreso conocer conocimiento consecuencia
conseguir consejo consentimiento considerar consistir constante constituir construir consulta consumir
contacto contar contener contento contestar continuar contrario contrato controlar convencer conversación
convertir copia corazón correcto corregir correo correr corriente corta cortar corte corto cosa costa costar
costo costumbre crear crecer creer crimen crisis criticar cruzar cuaderno cuadro cualidad cuarto cubrir
cuchara cuchillo cuello cuenta cuento cuerpo cuestión cueva cuidado cuidador cuidar culpa culpable cultura
cumpleaños cumplir cura curar curioso curso custodia dañar daño dar dato debate débil década decidir decisión
declarar dedicar dedo defender definir dejar delgado delincuente delito demanda demasiado democracia demostrar
denegar dentista denuncia denunciar departamento depender deporte derecha derecho desaparecer desarrollar
desarrollo desayuno descansar descanso describir descripción descubrir desear desempleo deseo desigual desnudo
despacio despedir despertar destino destruir detalle detención detener determinar deuda devolver día diario
dibujar dibujo diciembre diente diferencia diferente difícil dificultad digno dinero dios dirección directo
director dirigir disciplina discriminación discusión discutir diseño disfrutar disminuir disparar disponible
disposición distancia distinto distrito diversión divertido dividir divorcio doble doctor documento dólar
doler dolor domicilio domingo dormir dosis droga ducha duda dueño dulce durar duro echar económico edad
edificio educación educar efecto eficaz ejemplo ejercicio ejército elección elegible elegir elemento elevar
embarazada embarazo emergencia emoción empezar empleado empleador emplear empleo empresa empujar encantar
encargado encender encima encontrar encuesta enemigo energía enero enfermedad enfermera enfermo enfrentar
engañar enojado enorme ensalada enseñanza enseñar entender entero enterrar entrada entrar entregar entrenar
entrevista enviar época equipo error escalera escapar escena escoger esconder escribir escritor escuchar
escuela esfuerzo espacio espalda español especial especie esperanza esperar espeso espíritu esposa esposo
esquina establecer estación estadio estado estilo estrecho estrella estricto estructura estudiante estudiar
estudio etapa evaluar evento evidencia evitar exacto examen examinar excelente excepto exigir existir éxito
experiencia experto explicar explotación explotar exponer expresar extender extranjero extraño extremo fábrica
fácil factor falda fallar falso falta faltar fama familia familiar famoso favorito fe febrero fecha federal
felicidad feliz femenino feo fiebre fiesta figura fila final financiero fino firma firmar físico flaco flor
fondo forma formación formar formulario foto fotografía fracaso francés frase frecuencia frente fresco frío
frontera fruta fuego fuente fuerte fuerza fumar función funcionar fundación fundar futuro gana ganar garantía
garganta gasolina gastar gasto gato general género generoso gente gobierno golpe golpear gordo gracia gracias
grado gran grande grasa gratis gratuito grave gripe gris gritar grito grupo guante guapo guardar guerra guía
gustar gusto habilidad habitación habitante hábito hablar hambre helado herida herido hermana hermano hermoso
herramienta hielo hierro hija hijo historia hogar hoja hombre honesto honor hora horario hospital hotel hoy
huelga huésped huevo huir humano humo idea identidad identificar idioma iglesia igual ilegal imagen imaginar
impedir imponer importancia importante importar imposible imprimir impuesto incendio incidente incluir indicar
individuo industria infancia infantil infección inferior información informar informe inglés ingresar ingreso
iniciar inicio inmediato inmigrante inocente inscribir inscripción insistir institución instrucción integrar
inteligente intención intentar interés interesante interesar interior internet interpretar intérprete inútil
inventar invertir investigación investigar invierno invitar izquierda jabón jardín jefe joven jubilación
judicial juego jueves juez jugador jugar jugo juicio julio junio juntar junto jurado justicia justo juvenil
juventud juzgado labio labor laboral lado ladrón lago lágrima lámpara lápiz largo lástima lavar lección leche
leer legal legítimo lejos lengua lenguaje lento letra levantar ley libertad libre librería libro licencia
líder ligero límite limpiar limpieza limpio línea líquido lista listo llamada llamar llave llegada llegar
llenar lleno llevar llorar llover lluvia local loco lograr lucha luchar lugar luna lunes luz madera madre
maestra maestro maíz mal maleta malo maltrato mamá mañana mandar manejar manera mano mantener manzana mapa
máquina mar marca marcar marchar marido marrón martes marzo masculino matar matemática materia material
matrimonio máximo mayo mayor mayoría mecánico medicamento medicina médico medida medio medir mejor mejorar
memoria mencionar menor mensaje mentir mentira menudo mercado mes mesa meta meter método metro mezcla miedo
miembro miércoles militar millón mínimo ministro minoría minuto mirada mirar misa misión mitad moda modelo
moderno modificar modo molestar momento moneda montaña montar morado moral morir mostrar motivo motor mover
movimiento muchacha muchacho mudar mueble muerte muerto mujer multa mundo muñeca municipal muro músculo museo
música nacer nacimiento nación nacional nadar naranja nariz natural naturaleza navidad necesario necesidad
necesitar negar negativo negligencia negocio negro nervioso nevar nieta nieto nieve niña niñera niño nivel
noche nombrar nombre normal norte nota notar noticia notificar novela novia noviembre novio nube nuera nuevo
número obedecer objetivo objeto obligación obligar obra observar obstáculo obtener obvio ocasión océano
octubre ocupación ocupado ocupar ocurrir odiar odio oeste ofensa oferta oficial oficina ofrecer oído oír ojo
oler olor olvidar onda opción operación operar opinar opinión oponer oportunidad orden ordenar oreja
organización organizar órgano orgullo orientación origen original orilla oro oscuro otoño paciencia paciente
padecer padrastro padre padrino pagar página pago país paisaje pájaro palabra palacio pálido pan pañal
pantalla pantalón papá papel paquete parada parar parecer pared pareja pariente parque párrafo parte
participar particular partido partir pasado pasaje pasajero pasaporte pasar pasear paseo paso pastilla patear
paz peatón pecho pedazo pedir pegar peine pelea pelear película peligro peligroso pelo pelota pena pensar
pensión peor pequeño perder pérdida perdón perdonar perfecto periódico período permanecer permanente permiso
permitir perro persona personal pertenecer pesado pesar pescado pescar peso petición pez pie piedra piel
pierna pieza pintar pintura piscina piso pistola placer plan planta plata plato playa plaza plazo población
pobre pobreza policía política político pollo polvo poner popular porcentaje posibilidad posible posición
positivo potable práctica practicar precio preciso preferir pregunta preguntar premio prenda prensa
preocupación preocupado preocupar preparar presencia presentar presente presidente presión preso préstamo
prestar presupuesto prevención prevenir previo prima primavera primero primo princesa principal príncipe
principio prisa prisión privado probable probar problema procedimiento proceso producir producto profesión
profesional profesor profundo programa progreso prohibir promedio promesa prometer promover pronto propiedad
propietario propio proponer propósito protección proteger protestar provecho proveedor proveer provincia
próximo proyecto prueba publicar público pueblo puente puerta puerto puesto pulmón punto puro quedar queja
quejar quemar queso químico quitar radio raíz rama rápido raro rata rato raza razón razonable reacción real
realidad realizar rebaja recibir recibo reciente recoger recomendar reconocer recordar recuerdo recuperar
recurso red reducir reemplazar referencia referir reflejar reforma refrigerador refugio regalar regalo región
registrar registro regla regresar regreso regular reina reír relación religión reloj remedio renta renunciar
reparar repente repetir reportaje reportar reporte representante representar requerir requisito rescatar
reserva resfriado residencia residente resistir resolver respetar respeto respirar responder responsabilidad
responsable respuesta restaurante resto resultado resultar resumen resumir retirar reto retrasar reunión
reunir revisar revista rey rezar rico riesgo rincón río risa robar robo roca rodilla rojo romper ropa rosa
roto rubio rueda ruido ruta rutina sábado sabor sacar sacerdote saco sal sala salario salida salir salón
saltar salud saludable saludar salvaje salvar sangre sano santo satisfacer seco secretario secreto sector
secuestro sed seguido seguir segundo seguridad seguro seleccionar sello selva semana semejante semilla señal
señalar sencillo señor señora sentar sentencia sentido sentimiento sentir separación separar septiembre serie
serio servicio servir sesión severo sexo sexual siglo significado significar signo siguiente silencio silla
símbolo simpático simple síntoma sistema sitio situación sobrar sobrino social sociedad socio sol soldado
soledad solicitar solicitud sólido soltar soltero solución sombra sombrero sonar soñar sonido sonreír sonrisa
sopa soportar sordo sorprender sorpresa sospecha sospechar suave subir suceder suceso sucio sueldo suelo
suelto sueño suerte suéter suficiente sufrir sugerir suicidio sujeto suma superar superior supervisar suponer
sur surgir suspender sustituir susto tabla talla tamaño tarde tarea tarjeta tasa taza teatro techo tecla
técnica técnico tecnología tela teléfono televisión tema temer temor temperatura temporal temprano tendencia
terapeuta terapia tercero terminar término terreno territorio testigo texto tía tibio tiempo tienda tierra
tijera tímido tina tío tipo tirar título toalla tocar tomar tono tonto tormenta trabajador trabajar trabajo
tradición traducir traer tráfico traje tramitar trámite tranquilo transformar transporte trata tratamiento
tratar trato tren tribunal triste tristeza triunfo trozo turista turno tutela tutor último único unidad unión
unir universidad urgencia urgente usar uso usual usuario útil vaca vacaciones vacío vacuna valer válido
valiente valle valor variar variedad vaso vecino vehículo vejez vela vencer vender venganza venir venta
ventaja ventana ver verano verbo verdad verdadero verde vergüenza versión vestido vestir vez viajar viaje
víctima vida video vidrio viejo viento viernes vincular vino violación violar violencia violento virus visible
visita visitar vista viuda vivienda vivir vivo vocabulario volar voluntad voluntario volver votar voto voz
vuelo vuelta zapato zona
"""


_BEGINNING = 3


def is_ordinary(term: str) -> bool:
    """Tell whether a word without accents, or its term in any language, is that of an ordinary word."""
    beginning = term[:_BEGINNING]
    return term in _words().get(beginning, ()) or term in _terms(beginning)


@functools.cache
def _words() -> dict[str, list[str]]:
    """Return the words, without accents, by how they begin."""
    found: dict[str, list[str]] = {}
    for word in sorted({fold(word) for word in (*_ENGLISH.split(), *_SPANISH.split())}):
        found.setdefault(word[:_BEGINNING], []).append(word)
    return found


# Only what is asked for: all words in all languages would take a second.
@functools.lru_cache(maxsize=1_000)
def _terms(beginning: str) -> frozenset[str]:
    words = _words().get(beginning, ())
    return frozenset(analyzer(name).term_of(word) for name in ("en", "es") for word in words)
